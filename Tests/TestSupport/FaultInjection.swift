/// The library that counts the calls of a program to the file system and lets one of them fail; see
/// `Tests/FaultInjection/faults.c`.
package struct FaultInjection: Sendable {
  package enum Fault: Sendable {
    case error(Int32)
    /// This call fails, and so does everything that writes from then on.
    case lasting(Int32)
    case kill
    /// Does half of a write, then kills.
    case tear
    /// A shell script runs before this call, which then goes on.
    case script(String)
  }

  package struct Report: Sendable {
    package var calls: Int
    package var bytesRead: Int
    package var faults: Int
  }

  /// Nil where there is no C compiler; `message` then says so.
  package static let shared: FaultInjection? = FaultInjection()

  private let scratch: Scratch
  private var library: String { scratch.file("faults.so") }

  private init?() {
    scratch = Scratch()
    let outcome = Command.run(
      "cc",
      [
        "-O1", "-shared", "-fPIC", "-o", scratch.file("faults.so"),
        Repository.root + "/Tests/FaultInjection/faults.c", "-ldl",
      ])
    guard outcome.status == 0 else {
      print("cannot build the fault library: \(outcome.errorOutput)")
      return nil
    }
  }

  /// What makes call number `call` fail in a program started with this environment.
  package func environment(
    _ fault: Fault = .error(0), at call: Int = 0, report: String? = nil
  ) -> [String: String] {
    var variables = ["LD_PRELOAD": library, "FAULT_AT": String(call)]
    switch fault {
    case .error(let code): variables["FAULT_HOW"] = String(code)
    case .lasting(let code):
      variables["FAULT_HOW"] = String(code)
      variables["FAULT_FOLLOWS"] = "1"
    case .kill: variables["FAULT_HOW"] = "0"
    case .tear: variables["FAULT_HOW"] = "-1"
    case .script(let script): variables["FAULT_DO"] = script
    }
    if let report { variables["FAULT_REPORT"] = report }
    return variables
  }

  /// What makes a program believe that it is `seconds` since 1970.
  package func environment(clock seconds: Int) -> [String: String] {
    ["LD_PRELOAD": library, "FAULT_AT": "0", "FAULT_CLOCK": String(seconds)]
  }

  /// What the library wrote at the end of the program; nil when the program was killed.
  package static func report(_ path: String) -> Report? {
    let words = Command.run("/bin/cat", [path]).output.split(whereSeparator: \.isWhitespace)
      .compactMap { Int($0) }
    return words.count == 3 ? Report(calls: words[0], bytesRead: words[1], faults: words[2]) : nil
  }
}
