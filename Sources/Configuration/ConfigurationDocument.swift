import YAML

/// The document as it is written.
///
/// All properties are optional: what is absent, and what is needed, is
/// known to `Configuration` alone; and the decoder learns the keys from these properties.
struct ConfigurationDocument: Decodable {
  var database: Marked<String>?
  var mode: Parsed<FileMode>?
  var ingest: IngestDocument?
  var retention: RetentionDocument?
  var sources: [Marked<SourceDocument>]?

  var metrics: [Marked<MetricEntry>]?

  // Of log2metrics
  var log_strategy: [Marked<MetricEntry>]?
  var log_strategies: [Marked<MetricEntry>]?
  var http_addr: Ignored?
  var log_level: Ignored?
  var local_config: Ignored?
  var log_collecting: Ignored?

  var alerts: UnsupportedKey?
  var notify: UnsupportedKey?
  var ship: UnsupportedKey?
}

struct IngestDocument: Decodable {
  var max_bytes: Parsed<ByteSize>?
  var max_seconds: Parsed<WholeSeconds>?
  var forget_after: Parsed<Duration>?
}

struct RetentionDocument: Decodable {
  var lines: Parsed<Age>?
  var size: Parsed<ByteSize>?
  var rollups: Parsed<Age>?
  var sessions: Parsed<Age>?
  var errors: Parsed<Age>?
  var metrics: Parsed<Age>?
  var keep_errors: Bool?
}

struct SourceDocument: Decodable {
  var name: Marked<String>?
  var path: OneOrMore<Marked<String>>?
  var exclude: OneOrMore<Marked<String>>?
  var format: Marked<String>?
  var timezone: Marked<String>?
  var multiline: Marked<MultilineDocument>?
  var multiline_timeout: Parsed<Duration>?
  var encoding: Configuration.Encoding?
  var max_line: Marked<Parsed<ByteSize>>?
  var content: Configuration.Content?
  var redact: OneOrMore<Marked<String>>?
  var metrics: Bool?

  var docker: UnsupportedKey?
  var host: HostDocument?
  var journal: UnsupportedKey?

  /// It has keys that say how files are read.
  var isOfFiles: Bool {
    path != nil || exclude != nil || format != nil || timezone != nil || multiline != nil
      || multiline_timeout != nil || encoding != nil || max_line != nil || content != nil
      || redact != nil
  }
}

struct HostDocument: Decodable {
  var interval: Parsed<Duration>?
  var root: Marked<String>?
}

/// `auto`, `none`, a regular expression, or `{start: REGEX}`; the last also says a regular expression
/// that reads `auto` or `none`.
struct MultilineDocument: Decodable {
  private struct Start: Decodable {
    var start: Marked<String>
  }

  var multiline: Configuration.Multiline
  /// The regular expression's place, nil without one.
  var expression: Mark?

  init(from decoder: any Decoder) throws {
    if decoder.shape == .mapping {
      let start = try Start(from: decoder).start
      multiline = .start(start.value)
      expression = start.mark
      return
    }
    let text = try decoder.singleValueContainer().decode(Marked<String>.self)
    switch text.value {
    case "auto": multiline = .automatic
    case "none": multiline = .never
    default:
      multiline = .start(text.value)
      expression = text.mark
    }
  }
}
