import YAML

/// Turns a document into a configuration, or names its first problem of meaning.
struct Validation {
  let file: String
  let checks: Checks
  /// By the bytes of a source's name: where it stands.
  private var lines: [[UInt8]: Int] = [:]

  init(file: String, checks: Checks) {
    self.file = file
    self.checks = checks
  }

  mutating func configuration(
    _ document: ConfigurationDocument
  ) throws(ConfigurationError) -> Configuration {
    var result = Configuration()
    if let database = document.database {
      result.database = try notEmpty(database, key: "database")
    }
    if let mode = document.mode { result.mode = mode.value }
    if let ingest = document.ingest {
      result.ingest.maxBytes = ingest.max_bytes?.value
      result.ingest.maxSeconds = ingest.max_seconds?.value
      if let time = ingest.forget_after { result.ingest.forgetAfter = time.value }
    }
    if let retention = document.retention {
      var limits = Configuration.Retention()
      limits.lines = retention.lines?.value.duration
      limits.size = retention.size?.value
      limits.rollups = retention.rollups?.value.duration
      limits.sessions = retention.sessions?.value.duration
      limits.errors = retention.errors?.value.duration
      limits.metrics = retention.metrics?.value.duration
      limits.keepErrors = retention.keep_errors ?? false
      result.retention = limits
    }
    for source in document.sources ?? [] {
      if let host = source.value.host {
        result.hosts.append(try self.host(host, source))
      } else {
        result.sources.append(try self.source(source))
      }
    }
    readMetrics(document, into: &result)
    return result
  }

  private mutating func host(
    _ document: HostDocument, _ marked: Marked<SourceDocument>
  ) throws(ConfigurationError) -> Configuration.Host {
    guard let name = marked.value.name else { throw error(marked.mark, .sourceWithoutName) }
    try unique(name)
    guard !marked.value.isOfFiles else { throw error(marked.mark, .hostWithFiles(name.value)) }
    var host = Configuration.Host(name: name.value)
    if let interval = document.interval { host.interval = interval.value }
    if let root = document.root { host.root = try notEmpty(root, key: "root") }
    return host
  }

  private mutating func source(
    _ marked: Marked<SourceDocument>
  ) throws(ConfigurationError) -> Configuration.Source {
    let document = marked.value
    guard let name = document.name else { throw error(marked.mark, .sourceWithoutName) }
    try unique(name)
    guard let path = document.path?.values, !path.isEmpty else {
      throw error(marked.mark, .sourceWithoutPath(name: name.value))
    }
    var result = Configuration.Source(name: name.value, paths: try notEmpty(path, key: "path"))
    result.exclude = try notEmpty(document.exclude?.values ?? [], key: "exclude")
    if let format = document.format { result.format = try known(format) }
    if let timezone = document.timezone {
      guard checks.isTimezone(timezone.value) else {
        throw error(timezone.mark, .unknownTimezone(timezone.value))
      }
      result.timezone = timezone.value
    }
    if let multiline = document.multiline?.value {
      try check(multiline)
      result.multiline = multiline.multiline
    }
    if let timeout = document.multiline_timeout { result.multilineTimeout = timeout.value }
    if let encoding = document.encoding { result.encoding = encoding }
    if let size = document.max_line {
      guard size.value.value.bytes <= Self.longestLine.bytes else {
        throw error(size.mark, .tooLargeLine(limit: Self.longestLine))
      }
      result.maxLine = size.value.value
    }
    if let content = document.content { result.content = content }
    if let metrics = document.metrics { result.metrics = metrics }
    for pattern in document.redact?.values ?? [] {
      try check(pattern.value, pattern.mark, key: "redact")
      result.redact.append(pattern.value)
    }
    return result
  }

  /// Lines are held in memory.
  private static let longestLine = ByteSize(bytes: 64 << 20)

  private mutating func unique(_ name: Marked<String>) throws(ConfigurationError) {
    _ = try notEmpty(name, key: "name")
    if let first = lines.updateValue(name.mark.line, forKey: Array(name.value.utf8)) {
      throw error(name.mark, .duplicateSource(name.value, firstLine: first))
    }
  }

  private func known(_ format: Marked<String>) throws(ConfigurationError) -> String {
    let names = [Configuration.Source.automaticFormat] + checks.formats
    guard names.contains(format.value) else {
      let nearest = nearest(to: format.value, in: names)
      throw error(format.mark, .unknownFormat(format.value, nearest: nearest))
    }
    return format.value
  }

  private func check(_ document: MultilineDocument) throws(ConfigurationError) {
    guard case .start(let expression) = document.multiline else { return }
    try check(expression, document.expression, key: "multiline")
  }

  private func check(
    _ expression: String, _ mark: Mark?, key: String
  ) throws(ConfigurationError) {
    guard !expression.isEmpty else { throw error(mark, .emptyText(key: key)) }
    guard let (message, offset) = checks.expressionProblem(expression) else { return }
    throw error(mark, .badExpression(expression, message: message, offset: offset))
  }

  private func notEmpty(
    _ texts: [Marked<String>], key: String
  ) throws(ConfigurationError) -> [String] {
    var result: [String] = []
    for text in texts { result.append(try notEmpty(text, key: key)) }
    return result
  }

  private func notEmpty(_ text: Marked<String>, key: String) throws(ConfigurationError) -> String {
    guard !text.value.isEmpty else { throw error(text.mark, .emptyText(key: key)) }
    return text.value
  }

  private func error(_ mark: Mark?, _ problem: ConfigurationError.Problem) -> ConfigurationError {
    ConfigurationError(file: file, mark: mark, problem: problem)
  }
}
