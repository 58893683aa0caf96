import Testing
import TestSupport

/// The files of `Transcripts/`, and the `console` blocks of the README and of `docs/`.
enum Transcripts {
  static let all: [Transcript] =
    files("Tests/AcceptanceTests/Transcripts", "*.txt")
    .map { Transcript(name: $0, text: text($0)) }
    + (["README.md"] + files("docs", "*.md"))
    .map { Transcript(name: $0, markdown: text($0)) }.filter { !$0.steps.isEmpty }

  private static func files(_ folder: String, _ pattern: String) -> [String] {
    Command.run("find", [folder, "-name", pattern], directory: Repository.root)
      .output.split(separator: "\n").map(String.init).sorted()
  }

  private static func text(_ file: String) -> String {
    Command.run("/bin/cat", [file], directory: Repository.root).output
  }
}

extension Transcript: CustomTestStringConvertible {
  package var testDescription: String { name }
}

@Test(arguments: Transcripts.all)
func `commands print what is shown`(_ transcript: Transcript) {
  if let difference = transcript.run() {
    Issue.record("\(transcript.name): - expected, + printed\n\(difference)")
  }
}

@Suite struct `The transcript runner` {
  @Test func `finds its files`() {
    #expect(Transcripts.all.count > 3)
  }

  @Test func `reads commands, output and prose`() {
    let transcript = Transcript(
      name: "t",
      text:
        "Prose.\n\n$ one\nout \n\n## More prose\nof two lines\n\n$ two \\\n  more\n\n$ three\n[exit 1]\n"
    )
    #expect(
      transcript.steps == [
        .init(command: "one", expected: ["out"]),
        .init(command: "two \\\n  more", expected: []),
        .init(command: "three", expected: ["[exit 1]"]),
      ])
  }

  @Test func `reads only console blocks of markdown`() {
    let transcript = Transcript(
      name: "t",
      markdown: "Text\n```console\n$ a\n1\n```\nText\n```sh\n$ no\n```\n```console\n$ b\n2\n```\n")
    #expect(
      transcript.steps == [
        .init(command: "a", expected: ["1"]), .init(command: "b", expected: ["2"]),
      ])
  }

  @Test func `writes a block with a name to a file`() {
    let transcript = Transcript(
      name: "t", markdown: "```python a.py\n  x\n```\n```console\n$ cat a.py\n  x\n```\n")
    #expect(transcript.steps.count == 2 && transcript.run() == nil)
  }

  @Test func `leaves out only blocks that build or start something`() {
    var left: [String] = []
    for file in ["README.md", "docs/QUERY.md", "docs/OPERATIONS.md"] {
      let text = Command.run("/bin/cat", [file], directory: Repository.root).output
      var isInside = false
      var isLeft = false
      for line in text.split(separator: "\n") {
        if line.hasPrefix("```") {
          isInside.toggle()
          isLeft = isInside && line != "```console" && !line.contains(" ")
        } else if isLeft {
          left.append(String(line))
          isLeft = false
        }
      }
    }
    #expect(
      left == [
        "make demo    # installs what is missing, builds, ingests the logs in fixtures/, asks three questions",
        "logbook service systemd --install",
      ])
  }

  @Test(arguments: [
    ("", "", true), ("a", "a", true), ("a", "b", false), ("abc", "a<any>c", true),
    ("ac", "a<any>c", false), ("a<b", "a<b", true), ("<FILE>", "<FILE>", true),
    ("took 12 ms", "took <n> ms", true), ("took 12 s", "took <n> ms", false),
    ("1 of 2 done", "<n> of <n> done", true), ("x", "<any>", true), ("", "<any>", false),
  ])
  func `matches a line against placeholders`(_ text: String, _ pattern: String, _ expected: Bool) {
    #expect(line(text, matches: pattern) == expected)
  }

  @Test(
    arguments: [
      (["..."], [], nil), (["..."], ["a", "b"], nil),
      (["a", "...", "d"], ["a", "b", "c", "d"], nil),
      (["a", "...", "d"], ["a", "b"], "  a\n- d\n"), (["a"], ["b"], "- a\n+ b\n"),
      (["a", "b"], ["a", "x", "b"], "  a\n+ x\n  b\n"), ([], ["a"], "+ a\n"),
    ] as [([String], [String], String?)])
  func `draws the difference`(_ expected: [String], _ actual: [String], _ drawn: String?) {
    #expect(difference(expected: expected, actual: actual) == drawn)
  }

  @Test func `fails a transcript that is wrong`() {
    let wrong = Transcript(name: "t", text: "$ echo a; echo b >&2; exit 3\na\nc\n[exit 4]\n")
    #expect(
      wrong.run()
        == "$ echo a; echo b >&2; exit 3\n  a\n- c\n- [exit 4]\n+ b\n+ [exit 3]\n")
    #expect(
      Transcript(name: "t", text: "$ pwd; ls; exit 3\n/scratch\nfixtures\n[exit 3]\n").run() == nil)
  }
}

@Test func `the demo runs to its end`() {
  let outcome = Command.run(
    Repository.root + "/Examples/demo.sh", environment: ["LOGBOOK_BINARY": Logbook.binary])
  #expect(outcome.status == 0, "\(outcome.errorOutput)")
  #expect(outcome.output.contains("$ logbook search timeout --level error\n"))
}
