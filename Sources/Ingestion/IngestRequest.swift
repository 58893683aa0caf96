package import Formats
package import LogModel
package import Tailing

/// What is to be read: some paths, and how.
package struct IngestRequest {
  /// Nil: each family of paths is a source of its own.
  package var source: String?
  package var paths: [Path]
  package var exclude: [Path] = []
  /// Nil: detected from the first lines, and sticky.
  package var format: String?
  package var zone = Zone.local
  package var multiline = Multiline.auto
  package var multilineTimeout: Int64 = 5_000_000
  package var encoding = TextEncoding.auto
  package var maxLine = 1 << 20
  /// A path that does not exist is a problem; of a configured glob it is not.
  package var isExplicit = true

  package init(source: String? = nil, paths: [Path]) {
    self.source = source
    self.paths = paths
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
  /// Bytes that were there once and were never read.
  case lost(Path, bytes: Int64)
}
