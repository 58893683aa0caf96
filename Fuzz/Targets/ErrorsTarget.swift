import Errors
import Formats
import LogModel

extension FuzzTarget {
  /// Any text as one record, and as what stands in a line of JSON: the error has bounded names and is the
  /// same when it is read again.
  static let errors = FuzzTarget("errors") { input in
    let text = Array(String(decoding: input, as: UTF8.self).utf8)
    var extractor = ErrorExtractor()
    for format in ["generic", "json", "higress", "access", "docker", "raw"] {
      var parser = LineParser(format: format, zone: .utc, reference: 0, multiline: .none)
      var head = LineHead()
      let end = text.firstIndex(of: 0x0A) ?? text.count
      _ = parser.parse(text.span.extracting(0..<end), into: &head)
      for severity in [head.severity, .error] {
        head.severity = severity
        guard let error = extractor.error(in: text.span, head) else { continue }
        try require(ErrorExtractor.mayMatter(text.span, head), "an error that was ruled out")
        for name in [error.type ?? "", error.culprit ?? ""] + error.frames {
          try require(name.utf8.count <= 200, "a name of \(name.utf8.count) bytes")
        }
        try require(error.text.utf8.count <= 16_384, "a text of \(error.text.utf8.count) bytes")
        var other = ErrorExtractor()
        try require(other.error(in: text.span, head) == error, "an error depends on others")
      }
    }
  }
}
