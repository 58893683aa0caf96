import Errors
import Formats
import LogModel

/// The error in a record of one format, as a run of `ingest` reads it.
func error(_ record: String, format: String? = "generic") -> LoggedError? {
  let bytes = Array(record.utf8)
  var parser = LineParser(format: format, zone: .utc, reference: 0, multiline: .none)
  var head = LineHead()
  let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
  _ = parser.parse(bytes.span.extracting(0..<end), into: &head)
  var extractor = ErrorExtractor()
  return extractor.error(in: bytes.span, head)
}
