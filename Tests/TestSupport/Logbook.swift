package import Glibc

/// The built binary, with a scratch folder that holds its database.
package struct Logbook: Sendable {
  /// `$LOGBOOK_BINARY`, else the `logbook` that was built beside the running test executable.
  package static let binary: String = {
    if let named = unsafe getenv("LOGBOOK_BINARY") { return unsafe String(cString: named) }
    let folder = Command.run("/bin/readlink", ["/proc/\(getpid())/exe"]).output
    return folder.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 } + "/logbook"
  }()

  package let scratch: Scratch
  package var database: String { scratch.file("logbook.db") }

  package init(in scratch: Scratch = Scratch()) { self.scratch = scratch }

  /// What every run sees: no database but ours, times in UTC.
  package var environment: [String: String] {
    ["LOGBOOK_DB": database, "TZ": "UTC", "LC_ALL": "C.UTF-8"]
  }

  /// Runs `logbook` in the scratch folder.
  package func run(_ arguments: String..., input: [UInt8]? = nil) -> Command.Outcome {
    Command.run(
      Self.binary, arguments, input: input, environment: environment, directory: scratch.path)
  }

  /// Starts `logbook` and returns its process id; what it prints is dropped.
  package func start(_ arguments: String...) -> pid_t {
    let null = unsafe open("/dev/null", O_RDWR)
    defer { close(null) }
    return Command.spawn(
      Self.binary, arguments, input: null, output: null, errorOutput: null,
      environment: environment, directory: scratch.path)
  }
}
