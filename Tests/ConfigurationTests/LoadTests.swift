import Configuration
import TestSupport
import Testing

@Test func `a source needs a name and a path, all else has a default`() throws {
  let configuration = try load("sources: [{name: app, path: /var/log/app.log}]")
  #expect(configuration.database == "./logbook.db")
  #expect(configuration.mode.bits == 0o640)
  let source = try #require(configuration.sources.first)
  #expect(source == Configuration.Source(name: "app", paths: ["/var/log/app.log"]))
  #expect(source.exclude.isEmpty)
  #expect(source.format == "auto")
  #expect(source.timezone == nil)
  #expect(source.multiline == .automatic)
  #expect(source.multilineTimeout == .seconds(5))
  #expect(source.encoding == .automatic)
  #expect(source.maxLine.bytes == 1_048_576)
  #expect(source.content == .keep)
  #expect(source.redact.isEmpty)
}

@Test(arguments: ["{}", "database:\nmode: ~\nsources:\n", "sources: []"])
func `a document without values is all defaults`(_ text: String) throws {
  #expect(try load(text) == Configuration())
}

@Test func `every key of a source is read`() throws {
  let source = try load(
    """
    sources:
      - name: app
        path: [/a, /b*]
        exclude: '*.tmp'
        format: json
        timezone: UTC
        multiline: ^\\d
        multiline_timeout: 0s
        encoding: utf-16be
        max_line: 4096
        content: hash
        redact: [a, 'b+']
    """
  ).sources.first
  var expected = Configuration.Source(name: "app", paths: ["/a", "/b*"])
  expected.exclude = ["*.tmp"]
  expected.format = "json"
  expected.timezone = "UTC"
  expected.multiline = .start("^\\d")
  expected.multilineTimeout = .zero
  expected.encoding = .utf16BigEndian
  expected.maxLine = ByteSize(bytes: 4096)
  expected.content = .hash
  expected.redact = ["a", "b+"]
  #expect(source == expected)
}

@Test(
  arguments: [
    ("auto", .automatic), ("'none'", .never), ("'^a b'", .start("^a b")),
    ("{start: none}", .start("none")),
  ] as [(String, Configuration.Multiline)])
func `multiline is a word or an expression`(
  _ text: String, _ expected: Configuration.Multiline
) throws {
  let source = try load("sources: [{name: a, path: b, multiline: \(text)}]").sources.first
  #expect(source?.multiline == expected)
}

@Test(arguments: ["0640", "'0640'", "640", "\"640\""])
func `a mode is octal with and without quotes`(_ text: String) throws {
  #expect(try load("mode: \(text)").mode.bits == 0o640)
}

@Test func `the example is the file in Examples and shows every default changed`() throws {
  let file = Command.run("/bin/cat", [Repository.root + "/Examples/logbook.yaml"])
  #expect(file.status == 0)
  #expect(file.output == Configuration.example)
  let source = try #require(try load(Configuration.example).sources.last)
  #expect(source.multiline == .start("^\\d{4}-\\d\\d-\\d\\d "))
  #expect(source.multilineTimeout == .seconds(10))
  #expect(source.maxLine.bytes == 262_144)
}

@Test func `every file in Examples loads`() throws {
  let folder = Repository.root + "/Examples"
  let names = Command.run("/bin/ls", [folder]).output.split(separator: "\n")
  let documents = names.filter { $0.hasSuffix(".yaml") }
  #expect(!documents.isEmpty)
  for name in documents {
    #expect(throws: Never.self) {
      try Configuration.load(path: "\(folder)/\(name)", checks: checks)
    }
  }
}

@Test func `a file that cannot be read is an error with its reason`() {
  let scratch = Scratch()
  for (path, reason) in [
    (scratch.file("absent.yaml"), "No such file or directory"), (scratch.path, "Is a directory"),
  ] {
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration.load(path: path, checks: checks)
    }
    #expect(error?.description == "\(path): cannot be read: \(reason)")
  }
}
