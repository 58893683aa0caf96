extension Transcript {
  /// Runs the commands in a scratch folder that holds a copy of `fixtures/`, and returns the
  /// differences, or nil when there are none.
  ///
  /// The path of the folder reads `/scratch` in the output.
  package func run() -> String? {
    let logbook = Logbook()
    let directory = logbook.scratch.path
    _ = Command.run("/bin/cp", ["-Rp", Repository.root + "/fixtures", directory])
    let folder = Logbook.binary.split(separator: "/").dropLast().joined(separator: "/")
    let script = """
      exec 2>&1
      PATH='/\(folder)':/usr/bin:/bin:$PATH
      unset LOGBOOK_DB LOGBOOK_CONFIG
      eval "$1"
      """
    var report = ""
    for step in steps {
      let outcome = Command.run(
        "/usr/bin/timeout", ["60", "/bin/sh", "-c", script, "sh", step.command],
        environment: [
          "TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": directory,
          "LD_LIBRARY_PATH": LoadableExtension.folder,
        ], directory: directory)
      var actual = outcome.output.replacing(directory, with: "/scratch")
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      actual.trimEnds()
      if outcome.status != 0 { actual.append("[exit \(outcome.status)]") }
      if let difference = difference(expected: step.expected, actual: actual) {
        report += "$ \(step.command)\n\(difference)"
      }
    }
    return report.isEmpty ? nil : report
  }
}

/// The lines to take away (`-`) from `expected` and to add (`+`), with those that agree; nil when
/// all agree.
///
/// The shortest edit by dynamic programming; only the first 500 lines of each side are compared.
package func difference(expected: [String], actual: [String]) -> String? {
  let expected = expected.prefix(500) + []
  let actual = actual.prefix(500) + []
  let width = actual.count + 1
  // cost[i * width + j]: the edits that make expected[i...] and actual[j...] agree.
  var cost = [Int](repeating: 0, count: (expected.count + 1) * width)
  for i in stride(from: expected.count, through: 0, by: -1) {
    for j in stride(from: actual.count, through: 0, by: -1) {
      let here = i * width + j
      if i == expected.count {
        cost[here] = actual.count - j
      } else if expected[i] == "..." {
        cost[here] = min(cost[here + width], j < actual.count ? cost[here + 1] : .max)
      } else if j < actual.count, line(actual[j], matches: expected[i]) {
        cost[here] = cost[here + width + 1]
      } else {
        cost[here] = 1 + min(cost[here + width], j < actual.count ? cost[here + 1] : .max - 1)
      }
    }
  }
  guard cost[0] > 0 else { return nil }
  var report = ""
  var (i, j) = (0, 0)
  while i < expected.count || j < actual.count {
    let here = i * width + j
    if i < expected.count, expected[i] == "..." {
      if cost[here] == cost[here + width] { i += 1 } else { j += 1 }
    } else if i < expected.count, j < actual.count, line(actual[j], matches: expected[i]) {
      report += "  \(actual[j])\n"
      (i, j) = (i + 1, j + 1)
    } else if i < expected.count, cost[here] == 1 + cost[here + width] {
      report += "- \(expected[i])\n"
      i += 1
    } else {
      report += "+ \(actual[j])\n"
      j += 1
    }
  }
  return report
}

/// Whether `text` is `pattern`, where `<word>` stands for one or more characters.
package func line(_ text: String, matches pattern: String) -> Bool {
  var parts: [[UInt8]] = [[]]
  var rest = Array(pattern.utf8)[...]
  while let byte = rest.popFirst() {
    let word = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    let end = word.endIndex
    if byte == UInt8(ascii: "<"), !word.isEmpty, end < rest.endIndex, rest[end] == UInt8(ascii: ">")
    {
      rest = rest[(end + 1)...]
      parts.append([])
    } else {
      parts[parts.count - 1].append(byte)
    }
  }
  return matches(Array(text.utf8)[...], parts[...])
}

/// Whether `text` begins with the first part and goes on with the others, each after a gap.
private func matches(_ text: ArraySlice<UInt8>, _ parts: ArraySlice<[UInt8]>) -> Bool {
  guard let first = parts.first, text.starts(with: first) else { return parts.isEmpty }
  let text = text.dropFirst(first.count)
  let others = parts.dropFirst()
  if others.isEmpty { return text.isEmpty }
  return text.indices.contains { matches(text[($0 + 1)...], others) }
}
