import ArgumentParsing
import Testing

/// A command line, and the properties that are not at their defaults afterwards.
struct ParseCase: Sendable, CustomTestStringConvertible {
  var line: String
  var expected: String
  var testDescription: String { line }

  init(_ line: String, _ expected: String) {
    self.line = line
    self.expected = expected
  }
}

private let cases: [ParseCase] = [
  ParseCase("search", "Search"),
  ParseCase("search a b", "Search query=[a b]"),
  ParseCase("search a --source x b -s y c", "Search query=[a b c] sources=[x y]"),
  ParseCase("search --source=x --source= -s=y", "Search sources=[x  y]"),
  ParseCase("search -n 5 --after=3", "Search limit=5 after=3"),
  ParseCase("search -n5 -A3", "Search limit=5 after=3"),
  ParseCase("search -if", "Search ignoresCase=true follows=true"),
  ParseCase("search -in5 x", "Search query=[x] limit=5 ignoresCase=true"),
  ParseCase("search -i x -timeout -not", "Search query=[x -timeout -not] ignoresCase=true"),
  ParseCase("search -i -- -i --source x --", "Search query=[-i --source x --] ignoresCase=true"),
  ParseCase("search - -5", "Search query=[- -5]"),
  ParseCase("search --since -2h", "Search since=-2h"),
  ParseCase("search --since=--x", "Search since=--x"),
  ParseCase("search --format json", "Search format=json"),
  ParseCase("search --format json --csv", "Search format=csv"),
  ParseCase("search -l warn", "Search level=warn"),
  ParseCase("--db a.db search x", "Search query=[x] database=a.db"),
  ParseCase(
    "search --db=a.db x --config c.yaml", "Search query=[x] database=a.db configuration=c.yaml"),
  ParseCase("--db a.db search --db b.db", "Search database=b.db"),
  ParseCase("prune gateway", "Prune source=gateway"),
  ParseCase("prune -nv gateway d7", "Prune source=gateway days=7 isDryRun=true isVerbose=true"),
  ParseCase("prune -vtx.db gateway", "Prune source=gateway isVerbose=true target=x.db"),
  ParseCase("prune -- -n", "Prune source=-n"),
  ParseCase("errors", "ErrorList"),
  ParseCase("errors --status new", "ErrorList status=new"),
  ParseCase("errors list --status new", "ErrorList status=new"),
  ParseCase("errors --db x --status new", "ErrorList status=new database=x"),
  ParseCase("errors --db x show 5", "ErrorShow id=5 database=x"),
  ParseCase("config check", "ConfigCheck"),
]

@Test(arguments: cases)
func `a command line sets what it names and nothing else`(_ test: ParseCase) throws {
  let words = test.line.split(separator: " ").map(String.init)
  guard case .run(let command, let globals) = try sampleTable.parse(words) else {
    Issue.record("not a command")
    return
  }
  #expect(differences(of: command) + globalDifferences(of: globals) == test.expected)
}

@Test func `an empty word is an argument`() throws {
  guard case .run(let command, _) = try sampleTable.parse(["search", "", "a b"]) else {
    Issue.record("not a command")
    return
  }
  #expect((command as? Search)?.query == ["", "a b"])
}

@Test(arguments: ["--version", "--db x --version", "search --version x", "errors --version"])
func `the version is told before and behind a command`(_ line: String) throws {
  guard case .version(let text) = try sampleTable.parse(line.split(separator: " ").map(String.init))
  else {
    Issue.record("not the version")
    return
  }
  #expect(text == "1.2.3")
}

private func differences(of command: any Command) -> String {
  let plain = type(of: command).init()
  let all = zip(Mirror(reflecting: command).children, Mirror(reflecting: plain).children)
  return ([String(describing: type(of: command))] + changes(all)).joined(separator: " ")
}

private func globalDifferences(of globals: SampleGlobals) -> String {
  let all = zip(Mirror(reflecting: globals).children, Mirror(reflecting: SampleGlobals()).children)
  return changes(all).map { " " + $0 }.joined()
}

private func changes(_ pairs: some Sequence<(Mirror.Child, Mirror.Child)>) -> [String] {
  pairs.compactMap { now, before in
    let text = shown(now.value)
    return text == shown(before.value) ? nil : "\(now.label ?? "")=\(text)"
  }
}

private func shown(_ value: Any) -> String {
  if let list = value as? [String] { return "[" + list.joined(separator: " ") + "]" }
  let mirror = Mirror(reflecting: value)
  if mirror.displayStyle == .optional { return mirror.children.first.map { shown($0.value) } ?? "" }
  return "\(value)"
}
