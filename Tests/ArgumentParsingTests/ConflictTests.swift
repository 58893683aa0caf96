import ArgumentParsing
import Testing

@Test func `a sound table has no conflicts`() {
  #expect(sampleTable.conflicts == [])
}

private struct Careless: Command {
  static let name = "careless"
  static let abstract = "Everything wrong at once."
  static let arguments: [Argument<Self>] = [
    .many("PATH", help: "", sets: \.paths), .one("LAST", help: "", sets: \.last),
  ]
  static let options: [Option<Self>] = [
    .flag("one", "h", help: "", sets: \.flag), .flag("one", "x", help: "", sets: \.flag),
    .flag("db", "x", help: "", sets: \.flag),
  ]
  var paths: [String] = []
  var last: String?
  var flag = false
}

@Test func `a name with two meanings is told`() {
  let table = CommandTable<SampleGlobals, any Command>(
    program: "p", abstract: "", version: "",
    entries: [
      .group("g", abstract: "", default: "none", [.command(Careless.self) { $0 }]),
      .group("g", abstract: "", []),
    ])
  #expect(
    table.conflicts == [
      "g", "g: default", "g careless: --one", "g careless: --db", "g careless: -x",
      "g careless: -h", "g careless: <last>",
    ])
}
