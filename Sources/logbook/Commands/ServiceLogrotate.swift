import ArgumentParsing
import Configuration

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
    let stanzas = service.sources.map { source in
      let paths = source.paths.map { "\"\(Self.active($0))\"" }.joined(separator: " ")
      return """
        # \(source.name)
        \(paths) {
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

        """
    }
    return [ServiceFile(path: "/etc/logrotate.d/logbook", text: stanzas.joined(separator: "\n"))]
  }

  /// The glob of the files that are written to: without what stands for their rotated names.
  private static func active(_ path: String) -> String {
    path.hasSuffix(".log*") || !path.dropLast().hasSuffix("*") && path.hasSuffix("*")
      ? String(path.dropLast()) : path
  }
}
