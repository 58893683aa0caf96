import ArgumentParsing
import Configuration
import Glibc

struct ServiceLogrotate: ServiceCommand {
  static let name = "logrotate"
  static let abstract = "How to rotate the configured logs so that nothing is missed."
  static let discussion = """
    A stanza for each source, to be merged with what rotates these logs now: logrotate refuses a file that two \
    stanzas name. Each keeps a rotated file until the next run has read it.
    """
  static let options = targetOptions
  static let examples = [("logbook service logrotate", "to copy from")]
  var target = ServiceTarget()

  func files(_ service: ServiceContext) throws -> [ServiceFile] {
    guard !service.sources.isEmpty else {
      throw Failure("no source has files that could be rotated", status: .configuration)
    }
    let command = ServiceContext.shellWords(service.ingest)
    var named: Set<String> = []
    var stanzas: [String] = []
    for source in service.sources {
      let paths = source.paths.compactMap(Self.active).filter { named.insert($0).inserted }
      for path in source.paths where Self.active(path) == nil {
        warn("'\(path)' cannot be said in a stanza", "name its folders one by one")
      }
      if !source.paths.contains(where: { $0.contains("*") || Self.isFolder($0) }) {
        warn(
          "what is rotated away from '\(source.paths.joined(separator: ", "))' is in no path of \(source.name)",
          "with '*' behind it, what was written last is read, too")
      }
      guard !paths.isEmpty else { continue }
      stanzas.append(
        """
        # \(source.name)
        \(paths.map(Self.quoted).joined(separator: " ")) {
            daily
            rotate 7
            missingok
            notifempty
            create
            compress
            delaycompress
            sharedscripts
            prerotate
                \(command) >/dev/null || true
            endscript
        }

        """)
    }
    return [ServiceFile(path: "/etc/logrotate.d/logbook", text: stanzas.joined(separator: "\n"))]
  }

  private static func quoted(_ path: String) -> String {
    "\"" + path.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
      + "\""
  }

  private func warn(_ message: String, _ hint: String) {
    StandardError.write(Failure(message, hint: hint, status: .success))
  }

  /// The glob of the files that are written to, without what stands for their rotated names; nil where
  /// logrotate has none for them.
  private static func active(_ path: String) -> String? {
    if path.contains("**") { return nil }
    if isFolder(path) { return path + (path.hasSuffix("/") ? "*.log" : "/*.log") }
    for ending in [".log*", ".log.*", ".log?*"] where path.hasSuffix(ending) {
      return String(path.dropLast(ending.count)) + ".log"
    }
    guard path.hasSuffix("*"), !path.hasSuffix("/*") else { return path }
    let name = String(path.dropLast())
    return isThere(name) ? name : path + ".log"
  }

  private static func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  private static func isFolder(_ path: String) -> Bool { isThere(path + "/.") }
}
