import Configuration
import TestSupport
import Testing

struct ErrorCase: Sendable, CustomTestStringConvertible {
  var text: String
  /// The description less `logbook.yaml:`.
  var expected: String
  var hint: String?

  init(_ text: String, _ expected: String, hint: String? = nil) {
    self.text = text
    self.expected = expected
    self.hint = hint
  }

  var testDescription: String { expected }
}

private let example = "logbook config example shows every key"

private let errorCases: [ErrorCase] = [
  ErrorCase("", " the document is empty", hint: "logbook config example > logbook.yaml"),
  ErrorCase(
    "sources: [",
    "2:1: did not find expected node content while parsing a flow node that begins in line 2"),
  ErrorCase("databse: x", "1:1: unknown key 'databse'; did you mean 'database'?", hint: example),
  ErrorCase("docker: {}", "1:1: unknown key 'docker'", hint: example),
  ErrorCase(
    "alerts: []", "1:1: the key 'alerts' is not supported by this version", hint: example),
  ErrorCase(
    "mode: 640\nship:\n  kafka: {}", "2:1: the key 'ship' is not supported by this version",
    hint: example),
  ErrorCase(
    "retention: {line: 30d}", "1:13: unknown key 'line'; did you mean 'lines'?", hint: example),
  ErrorCase(
    "retention: {lines: 30 days}",
    "1:20: expected an age of 1 second or more such as 4h, 30d or 12w, found the text '30 days'"
  ),
  ErrorCase(
    sourceDocument("redact: [a, 'b(']"),
    "4:15: bad regular expression 'b(': missing ')' at offset 1",
    hint: "single quotes keep backslashes as they are: '\\d+'"),
  ErrorCase(sourceDocument("redact: ''"), "4:11: the value of 'redact' is empty"),
  ErrorCase(
    sourceDocument("content: none"),
    "4:12: expected 'keep', 'drop' or 'hash', found the text 'none'"),
  ErrorCase(
    "sources:\n  - name: box\n    docker:\n      names: [nginx]",
    "3:5: the key 'docker' is not supported by this version", hint: example),
  ErrorCase(
    "sources:\n  - {name: box, host: {}, path: x}",
    "2:5: the source 'box' is a host: it has no keys but 'name' and 'host'"),
  ErrorCase("sources:\n  - host: {}", "2:5: this source has no 'name'"),
  ErrorCase(
    "sources:\n  - {name: box, host: {every: 30s}}", "2:24: unknown key 'every'", hint: example),
  ErrorCase(
    "sources:\n  - {name: box, host: {root: ''}}", "2:30: the value of 'root' is empty"),
  ErrorCase(
    "sources:\n  - {name: box, path: x}\n  - {name: box, host: {}}",
    "3:12: the source name 'box' is already used in line 2"),
  ErrorCase(
    sourceDocument("max_lines: 1"), "4:3: unknown key 'max_lines'; did you mean 'max_line'?",
    hint: example),
  ErrorCase(
    sourceDocument("multiline: {strat: x}"), "4:15: unknown key 'strat'; did you mean 'start'?",
    hint: example),
  ErrorCase(sourceDocument("multiline: {}"), "4:14: the key 'start' is missing"),
  ErrorCase(sourceDocument("multiline: [a]"), "4:14: expected text, found a list"),
  ErrorCase(sourceDocument("multiline: ''"), "4:14: the value of 'multiline' is empty"),
  ErrorCase(
    sourceDocument("multiline: 'a('"), "4:14: bad regular expression 'a(': missing ')' at offset 1",
    hint: "single quotes keep backslashes as they are: '\\d+'"),
  ErrorCase(
    sourceDocument("multiline: {start: 'a('}"),
    "4:22: bad regular expression 'a(': missing ')' at offset 1",
    hint: "single quotes keep backslashes as they are: '\\d+'"),
  ErrorCase("database: ''", "1:11: the value of 'database' is empty"),
  ErrorCase("database: [a]", "1:11: expected text, found a list"),
  ErrorCase(
    "mode: 0888",
    "1:7: expected permissions in octal digits such as '0640', found the text '0888'"),
  ErrorCase(
    "mode: '1777'",
    "1:7: expected permissions in octal digits such as '0640', found the text '1777'"),
  ErrorCase(
    "mode: rw-r-----",
    "1:7: expected permissions in octal digits such as '0640', found the text 'rw-r-----'"),
  ErrorCase("sources: app", "1:10: expected a list, found the text 'app'"),
  ErrorCase("sources: {name: app}", "1:10: expected a list, found a mapping"),
  ErrorCase("sources:\n  - app", "2:5: expected a mapping, found the text 'app'"),
  ErrorCase("sources:\n  - path: /a", "2:5: this source has no 'name'"),
  ErrorCase("sources:\n  - name:\n    path: /a", "2:5: this source has no 'name'"),
  ErrorCase("sources:\n  - name: ''\n    path: /a", "2:11: the value of 'name' is empty"),
  ErrorCase(
    "sources:\n  - name: 7\n    path: /a", "2:11: expected text, found 7",
    hint: "quote it to make it text: '7'"),
  ErrorCase("sources:\n  - name: a", "2:5: the source 'a' has no 'path'"),
  ErrorCase("sources:\n  - name: a\n    path: []", "2:5: the source 'a' has no 'path'"),
  ErrorCase("sources:\n  - name: a\n    path: ''", "3:11: the value of 'path' is empty"),
  ErrorCase("sources:\n  - name: a\n    path: [/a, '']", "3:16: the value of 'path' is empty"),
  ErrorCase("sources:\n  - name: a\n    path: {b: c}", "3:11: expected text, found a mapping"),
  ErrorCase(
    "sources:\n  - name: a\n    path: /a\n  - name: a\n    path: /b",
    "4:11: the source name 'a' is already used in line 2"),
  ErrorCase(sourceDocument("exclude: [x, '']"), "4:16: the value of 'exclude' is empty"),
  ErrorCase(
    sourceDocument("format: jsno"), "4:11: unknown format 'jsno'; did you mean 'json'?",
    hint: "logbook formats"),
  ErrorCase(sourceDocument("format: xml"), "4:11: unknown format 'xml'", hint: "logbook formats"),
  ErrorCase(
    sourceDocument("timezone: Mars/Base"), "4:13: unknown time zone 'Mars/Base'",
    hint: "a name of the zone database such as Europe/Berlin, or UTC"),
  ErrorCase(
    sourceDocument("encoding: latin1"),
    "4:13: expected 'auto', 'utf-8', 'utf-16le' or 'utf-16be', found the text 'latin1'"),
  ErrorCase(
    sourceDocument("max_line: 0"),
    "4:13: expected a size of 1 byte or more such as 64KiB, 50MB or 2GiB, found 0"),
  ErrorCase(
    sourceDocument("max_line: [1]"),
    "4:13: expected a size of 1 byte or more such as 64KiB, 50MB or 2GiB, found a list"),
  ErrorCase(
    sourceDocument("multiline_timeout: -5s"),
    "4:22: expected a duration of 0 or more such as 500ms, 30s, 10m, 4h or 30d, found the text '-5s'"
  ),
  ErrorCase(
    sourceDocument("multiline_timeout: 5"),
    "4:22: expected a duration of 0 or more such as 500ms, 30s, 10m, 4h or 30d, found 5"),
]

@Test(arguments: errorCases)
func `a bad document is refused at the place that is wrong`(_ errorCase: ErrorCase) {
  let error = #expect(throws: ConfigurationError.self) { try load(errorCase.text) }
  #expect(error?.description == "logbook.yaml:" + errorCase.expected)
  #expect(error?.hint == errorCase.hint)
}
