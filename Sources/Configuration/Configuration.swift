/// What `logbook` reads, and where it keeps it.
///
/// Every property has its default filled in.
package struct Configuration: Sendable, Equatable {
  /// Relative to the working directory unless absolute.
  package var database = "./logbook.db"
  /// Of the database and the files that SQLite puts beside it.
  package var mode = FileMode(bits: 0o640)
  package var ingest = Ingest()
  /// Nil: everything is kept.
  package var retention: Retention?
  /// In the document's order; names are unique.
  package var sources: [Source] = []
  /// Sources that are no files but a host; in the document's order.
  package var hosts: [Host] = []
  /// Nil where the document says nothing of metrics.
  package var metrics: [Metric]?
  /// What is wrong with metrics that are left out.
  package var metricProblems: [MetricProblem] = []

  package init() {}

  /// What one run may read, and what it may forget.
  package struct Ingest: Sendable, Equatable {
    /// Nil is no limit.
    package var maxBytes: ByteSize?
    package var maxSeconds: WholeSeconds?
    package var forgetAfter = Duration.seconds(400 * 86_400)
  }

  /// How long what was read is kept; nil is for ever.
  package struct Retention: Sendable, Equatable {
    package var lines: Duration?
    /// Of the whole file.
    package var size: ByteSize?
    /// Counts of lines, by minute, hour and pattern.
    package var rollups: Duration?
    /// Turns, and so sessions and costs; nil: as long as `rollups`.
    package var sessions: Duration?
    /// Events of errors, and samples of metrics; nil: as long as `rollups`.
    package var errors: Duration?
    package var metrics: Duration?
    /// Whether lines of level error and up stay.
    package var keepErrors = false

    package init() {}
  }

  package struct Source: Sendable, Equatable {
    package var name: String
    /// Files, folders or globs; at least one, none empty.
    package var paths: [String]
    package var exclude: [String] = []
    package var format = Source.automaticFormat
    /// Of times without a zone; nil is the machine's.
    package var timezone: String?
    package var multiline = Multiline.automatic
    /// Of silence after which the last record of a file is whole.
    package var multilineTimeout = Duration.seconds(5)
    package var encoding = Encoding.automatic
    /// What stands behind this many bytes of a line is cut.
    package var maxLine = ByteSize(bytes: 1 << 20)

    /// What becomes of what people and models say.
    package var content = Content.keep
    /// Regular expressions; what they match is not stored.
    package var redact: [String] = []
    /// Whether requests and structured events are counted without a rule.
    package var metrics = true

    package init(name: String, paths: [String]) {
      self.name = name
      self.paths = paths
    }

    /// The name that stands for detection.
    package static let automaticFormat = "auto"
  }

  /// A host that is looked at, by what its kernel says below a root.
  package struct Host: Sendable, Equatable {
    package var name: String
    /// Between two looks while a run goes on.
    package var interval = Duration.seconds(30)
    package var root = "/"

    package init(name: String) { self.name = name }
  }

  package enum Content: String, Sendable, CaseIterable, Decodable {
    case keep, drop, hash
  }

  package enum Encoding: String, Sendable, CaseIterable, Decodable {
    case automatic = "auto"
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
  }

  /// How lines are joined into records.
  package enum Multiline: Sendable, Equatable {
    case automatic
    /// Each line is a record.
    case never
    /// A regular expression that matches in the first line of a record and in no other.
    case start(String)
  }
}
