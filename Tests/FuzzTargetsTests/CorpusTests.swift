import FuzzTargets
import Glibc
import TestSupport
import Testing

/// What fuzzing begins with and what it has found, without a fuzzer.
@Suite(.serialized) struct `The corpus` {
  @Test(arguments: FuzzTarget.all.map(\.name))
  func `every input keeps its promises`(_ name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let folder = Repository.root + "/Fuzz/Corpus/" + name
    let inputs = Command.run("find", [folder, "-type", "f"]).output.split(separator: "\n").sorted()
    #expect(!inputs.isEmpty)
    for input in inputs {
      let bytes = Command.run("/bin/cat", [String(input)]).outputBytes
      do { try target.check(bytes) } catch { Issue.record("\(input): \(error)") }
      // Half of it, as a file that is still being written has it.
      do { try target.check(Array(bytes.prefix(bytes.count / 2))) } catch {
        Issue.record("half of \(input): \(error)")
      }
    }
  }
}
