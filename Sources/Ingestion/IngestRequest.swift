package import Formats
package import LogModel
package import Metrics
package import Storage
package import Tailing

/// What is to be read: some paths, and how.
package struct IngestRequest {
  /// Nil: each family of paths is a source of its own.
  package var source: String?
  package var paths: [Path]
  package var exclude: [Path] = []
  /// Of what the paths lead to, only files that are, or were, called so; empty for all.
  package var families: [Glob] = []
  /// Nil: detected from the first lines, and sticky.
  package var format: String?
  package var zone = Zone.local
  package var multiline = Multiline.auto
  package var multilineTimeout: Int64 = 5_000_000
  package var encoding = TextEncoding.auto
  package var maxLine = 1 << 20
  /// A path that does not exist is a problem; of a configured glob it is not.
  package var isExplicit = true
  /// Nil: standard input is what its path says.
  package var emitted: Emitted?

  package init(source: String? = nil, paths: [Path]) {
    self.source = source
    self.paths = paths
  }

  func isMeant(_ file: Path) -> Bool {
    guard !families.isEmpty else { return true }
    let family = RotationName.family(of: file)
    return families.contains { $0.matches(file) || $0.matches(family) }
  }
}

/// What a run did: the keys of `ingest --format json`.
package struct IngestSummary: Sendable {
  package struct Source: Sendable {
    package var name: String
    package var files = 0
    package var lines = 0
    package var bytes: Int64 = 0
  }

  /// 0 when there was nothing to do, so that no run was recorded.
  package var run: Int64 = 0
  package var files = 0
  package var lines = 0
  package var bytes: Int64 = 0
  package var records = 0
  package var rejects = 0
  package var lostBytes: Int64 = 0
  /// What a limit has left for the next run, at most: a file that was not looked at counts whole.
  package var lagBytes: Int64 = 0
  package var holeBytes: Int64 = 0
  /// What was cut off lines that are too long.
  package var cutBytes: Int64 = 0
  /// Records with NUL or bytes that are not UTF-8.
  package var sanitized = 0
  /// Archives that could not be read to their end.
  package var damaged = 0
  package var sources: [Source] = []
  package var problems: [IngestProblem] = []
  /// Rules that took too many steps, in this run or so often before that they are not used any more.
  package var limitHits: [MetricLimitHits] = []
  /// Metrics that had labels of other series than are kept apart.
  package var overflowing: [String] = []
  /// What has become of the rules of metrics; nil where nothing has.
  package var sync: MetricSync?
  /// Of hosts; nil where none was looked at.
  package var samples: Int?

  package init(problems: [IngestProblem] = []) { self.problems = problems }
}

/// What kept a file from being read, or read whole; the others are read all the same.
package enum IngestProblem: Sendable, Hashable {
  case missing(Path)
  case noMatch(Path)
  case unreadable(Path, FileError)
  case notAFile(Path, FileStatus.Kind)
  case binary(Path, isExplicit: Bool)
  /// Reading broke off; what was read before is stored.
  case failed(Path, SourceError)
  /// A damaged archive: what could be read before `offset` is stored.
  case corrupt(Path, offset: Int)
  /// An archive that is not decompressed; what stands before `offset` is stored.
  case refused(Path, Refusal, offset: Int)
  /// An archive that is still being written, or was cut.
  case incomplete(Path)
  /// An archive that is followed by what is no archive.
  case trailing(Path, bytes: Int)
  /// A host of whose kernel nothing is to be seen below its root.
  case noHost(String, root: Path)
  /// Bytes that were there once and were never read.
  case lost(Path, bytes: Int64)

  /// Nothing was read of it, and no row of a file says so.
  package var keepsFromReading: Bool {
    switch self {
    case .unreadable, .notAFile, .failed, .noHost: true
    default: false
    }
  }
}
