// generate app|access|higress [--lines N] [--seed N] [--after N]
//
// Writes a synthetic log to standard output; the same arguments give the same bytes. `--after`
// is for the application log: its time begins where that of so many lines ends.

import Glibc

struct Usage: Error {}

func parse(_ arguments: ArraySlice<String>) throws(Usage) -> (
  kind: String, lines: Int, seed: UInt64, after: Int
) {
  guard let kind = arguments.first else { throw Usage() }
  var lines = kind == "higress" ? 250_000 : 2_000_000
  var seed: UInt64 = 1
  var after = 0
  var rest = arguments.dropFirst()
  while let option = rest.popFirst() {
    guard let number = rest.popFirst().flatMap({ UInt64($0) }) else { throw Usage() }
    switch option {
    case "--lines": lines = Int(number)
    case "--seed": seed = number
    case "--after": after = Int(number)
    default: throw Usage()
    }
  }
  return (kind, lines, seed, after)
}

do {
  let (kind, lines, seed, after) = try parse(CommandLine.arguments.dropFirst())
  var output = Output()
  switch kind {
  case "app": writeApplicationLog(lines: lines, seed: seed, after: after, to: &output)
  case "access": writeAccessLog(lines: lines, seed: seed, to: &output)
  case "higress": writeHigressLog(lines: lines, seed: seed, to: &output)
  default: throw Usage()
  }
  output.flush()
} catch {
  let usage: StaticString =
    "usage: generate app|access|higress [--lines N] [--seed N] [--after N]\n"
  _ = unsafe write(2, usage.utf8Start, usage.utf8CodeUnitCount)
  exit(2)
}
