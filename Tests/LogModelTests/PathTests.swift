import LogModel
import Testing

@Suite struct PathTests {
  static let parts: [(path: String, name: String, directory: String, isAbsolute: Bool)] = [
    ("app.log", "app.log", ".", false), ("/app.log", "app.log", "/", true),
    ("/var/log/app.log", "app.log", "/var/log", true), ("log/app.log", "app.log", "log", false),
    ("/", "", "/", true), ("log/", "", "log", false), ("", "", ".", false),
    ("/größe/ä.log", "ä.log", "/größe", true),
  ]

  @Test(arguments: parts) func `a path has a name and a folder`(
    _ example: (path: String, name: String, directory: String, isAbsolute: Bool)
  ) {
    let path = Path(example.path)
    #expect(Array(path.name) == Array(example.name.utf8))
    #expect(path.directory == Path(example.directory))
    #expect(path.isAbsolute == example.isAbsolute)
  }

  @Test func `a name is appended behind one slash`() {
    for folder in ["/var/log", "/var/log/"] {
      #expect(Path(folder).appending("a".utf8) == Path("/var/log/a"))
    }
    #expect(Path("/").appending("a".utf8) == Path("/a"))
  }

  @Test func `paths are ordered and told apart by their bytes`() {
    #expect(Path("a") < Path("b"))
    #expect(Path("a") < Path("a/b"))
    #expect(!(Path("ä") < Path("z")))
    // The same character, composed and decomposed, is two names.
    #expect(Path("\u{E4}") != Path("a\u{308}"))
    #expect(Path(bytes: [0x2F, 0xFF]).description == "/\u{FFFD}")
  }
}
