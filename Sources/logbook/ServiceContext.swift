import Configuration
import Glibc
import Ingestion
import LogModel

/// What the units have to know: where the program, its configuration and its database are.
struct ServiceContext {
  /// This program, as it was started.
  let program: String
  let configurationPath: String?
  let databasePath: String
  let sources: [Configuration.Source]

  init(_ globals: GlobalOptions) throws {
    let workspace = try Workspace(globals)
    program = Self.ownPath() ?? "/usr/local/bin/logbook"
    configurationPath = Workspace.configurationPath(globals).map(Self.absolute)
    databasePath = Self.absolute(workspace.databasePath)
    sources = workspace.configuration?.sources ?? []
    let hasHosts = workspace.configuration?.hosts.isEmpty == false
    guard configurationPath != nil, hasHosts || !sources.isEmpty else {
      throw Failure(
        "no sources in the configuration: a service would have nothing to read",
        hint: "logbook config example, and see --config", status: .configuration)
    }
    if let path = sources.flatMap(\.paths).first(where: { !$0.hasPrefix("/") }) {
      throw Failure(
        "the path '\(path)' is relative, and a service is in no folder of its own",
        status: .configuration)
    }
  }

  /// Whether anything it needs is where a service with `PrivateTmp=` sees a folder of its own.
  var usesTemporaryFolders: Bool {
    ([program, databasePath] + (configurationPath.map { [$0] } ?? []) + sources.flatMap(\.paths))
      .contains { $0.hasPrefix("/tmp/") || $0.hasPrefix("/var/tmp/") }
  }

  var databaseFolder: String { Path(databasePath).directory.description }

  /// The words of `logbook ingest`, each as it is.
  var ingest: [String] {
    [program] + (configurationPath.map { ["--config", $0] } ?? []) + [
      "--db", databasePath, "ingest",
    ]
  }

  /// The words as a shell reads them.
  static func shellWords(_ words: [String]) -> String {
    words.map { word in
      let isPlain =
        !word.isEmpty
        && word.utf8.allSatisfy {
          (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            || "/._-+=:,@".utf8.contains($0)
        }
      let parts = word.split(separator: "'", omittingEmptySubsequences: false)
      return isPlain ? word : "'" + parts.joined(separator: "'\\''") + "'"
    }.joined(separator: " ")
  }

  private static func absolute(_ path: String) -> String { Path(path).absolute.description }

  private static func ownPath() -> String? {
    guard let path = unsafe realpath("/proc/self/exe", nil) else { return nil }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }
}
