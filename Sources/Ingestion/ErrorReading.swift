import Errors
import LogModel
import Storage

// Records to errors. A record that is still open shows none.

extension IngestRun {
  /// Looks for an error in record `id` of `file`, as its text is stored; `time` is the record's own or that
  /// of the record before it.
  mutating func readError(
    _ text: Span<UInt8>, _ head: LineHead, file: Int64, id: Int64, time: Int64
  ) {
    guard ErrorExtractor.mayMatter(text, head), let error = errors.error(in: text, head) else {
      return
    }
    batch.rows.add(
      ErrorRow(
        logID: id, file: file, time: time, severity: head.severity, error: error,
        key: ErrorExtractor.copyKey(of: text, head, time: time)))
  }
}
