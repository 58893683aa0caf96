import Configuration
import TestSupport
import Testing

@Test func `a host is shown with every default, and read again`() throws {
  let configuration = try load("sources: [{name: box, host: {}}]")
  let document = """
    sources:
      - name: box
        host: {interval: 30s, root: /}

    """
  #expect(configuration.document.hasSuffix(document))
  #expect(try load(configuration.document) == configuration)
  #expect(try load("sources: [{name: box, host: {interval: 5m, root: /host}}]").hosts.count == 1)
}

@Test func `the effective configuration is shown with every default`() throws {
  let configuration = try load("sources: [{name: app, path: '/var/log/*.log', multiline: '^\\S'}]")
  let expected = """
    database: ./logbook.db
    mode: '0640'
    ingest:
      max_bytes: null  # no limit
      max_seconds: null  # no limit
      forget_after: 400d
    retention: null  # keep all
    sources:
      - name: app
        path: ['/var/log/*.log']
        exclude: []
        format: auto
        timezone: null  # the machine's
        multiline: {start: '^\\S'}
        multiline_timeout: 5s
        encoding: auto
        max_line: 1MiB
        content: keep
        redact: []
        metrics: true

    """
  #expect(configuration.document == expected)
  #expect(
    Configuration().document == """
      database: ./logbook.db
      mode: '0640'
      ingest:
        max_bytes: null  # no limit
        max_seconds: null  # no limit
        forget_after: 400d
      retention: null  # keep all
      sources: []

      """)
}

@Test func `what is shown loads as the same configuration`() throws {
  #expect(try load(load(Configuration.example).document) == load(Configuration.example))
  let seed: UInt64 = 0xC0FF_EE01
  var random = SeededRandom(seed: seed)
  for round in 0..<300 {
    let configuration = randomConfiguration(&random)
    let document = configuration.document
    try #require(try load(document) == configuration, "seed \(seed), round \(round):\n\(document)")
  }
}

@Test func `no damage to the example crashes the loader`() {
  let seed: UInt64 = 0xF0F0_0001
  var random = SeededRandom(seed: seed)
  let example = Array(Configuration.example.utf8)
  let marks = Array("{}[]:,-?&*!|>'\"%@`#\n\t \0\u{1}é".utf8) + [0xFF, 0xC3, 0xED]
  var refused = 0
  for _ in 0..<1500 {
    var bytes = example
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let mark = marks.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = mark
      case 1: bytes.insert(mark, at: place)
      case 2: bytes.removeSubrange(place..<min(bytes.count - 1, place + 9))
      default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
      }
    }
    do throws(ConfigurationError) {
      _ = try Configuration(bytes, file: "logbook.yaml", checks: checks)
    } catch {
      refused += 1
      let isOneLine = error.description.utf8.allSatisfy { $0 >= 0x20 }
      #expect(isOneLine, "seed \(seed): \(error.description.debugDescription)")
    }
  }
  #expect((100..<1500).contains(refused), "seed \(seed)")
}

private func randomConfiguration(_ random: inout SeededRandom) -> Configuration {
  var result = Configuration()
  result.database = randomText(&random)
  result.mode = FileMode(bits: .random(in: 0...0o777, using: &random))
  if Bool.random(using: &random) {
    result.ingest.maxBytes = ByteSize(bytes: .random(in: 1...1 << 50, using: &random))
    result.ingest.maxSeconds = WholeSeconds(count: .random(in: 1...1 << 30, using: &random))
    result.ingest.forgetAfter = .milliseconds(Int.random(in: 0...1 << 40, using: &random))
  }
  if Bool.random(using: &random) {
    func age() -> Duration? {
      Bool.random(using: &random) ? .milliseconds(Int.random(in: 0...1 << 40, using: &random)) : nil
    }
    var retention = Configuration.Retention()
    retention.lines = age()
    retention.size =
      Bool.random(using: &random) ? ByteSize(bytes: .random(in: 1...1 << 50, using: &random)) : nil
    retention.rollups = age()
    retention.sessions = age()
    retention.keepErrors = Bool.random(using: &random)
    result.retention = retention
  }
  for number in 0..<Int.random(in: 0...3, using: &random) {
    var source = Configuration.Source(
      name: randomText(&random) + String(number), paths: [randomText(&random)])
    source.paths += Bool.random(using: &random) ? [randomText(&random)] : []
    source.exclude = Bool.random(using: &random) ? [randomText(&random)] : []
    source.format = ["auto", "json", "logfmt"].randomElement(using: &random) ?? "auto"
    source.timezone = [nil, "UTC", "Asia/Shanghai"].randomElement(using: &random) ?? nil
    let expression = randomText(&random)
    source.multiline =
      [.automatic, .never, .start(expression)].randomElement(using: &random) ?? .automatic
    source.multilineTimeout = .milliseconds(Int.random(in: 0...100_000, using: &random))
    source.encoding = Configuration.Encoding.allCases.randomElement(using: &random) ?? .automatic
    source.maxLine = ByteSize(bytes: .random(in: 1...64 << 20, using: &random))
    source.content = Configuration.Content.allCases.randomElement(using: &random) ?? .keep
    if Bool.random(using: &random) { source.redact = [#"a\d+"#, "'x'"] }
    result.sources.append(source)
  }
  return result
}

private func randomText(_ random: inout SeededRandom) -> String {
  let alphabet = [
    "a", "/", "*", "'", "\"", "\\", ":", "#", " ", "none", "0", "true", "\n", "é", "{",
  ]
  return (0...Int.random(in: 0...5, using: &random)).reduce(into: "") { text, _ in
    text += alphabet.randomElement(using: &random) ?? "a"
  }
}
