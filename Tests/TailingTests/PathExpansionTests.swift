import Glibc
import LogModel
import TestSupport
import Testing

@testable import Tailing

@Suite struct PathExpansionTests {
  let scratch = Scratch()

  @Test(arguments: [
    ("*.log", "a.log", true), ("*.log", ".log", false), (".*", ".log", true),
    ("*.log", "d/a.log", true), ("d/*.log", "d/a.log", true), ("d/*.log", "d/e/a.log", false),
    ("d/**/*.log", "d/a.log", true), ("d/**/*.log", "d/e/f/a.log", true),
    ("d/**/*.log", "d/.e/a.log", false), ("d/**", "d/e/f", true), ("**/x", "a/b/x", true),
    ("**/a/**/b", "a/c/a/d/b", true), ("**/a/**/b", "a/c/d/e", false),
    ("/d/*", "/d/x", true), ("/d/*", "d/x", false), ("d/*", "/d/x", false),
    ("a?c", "abc", true), ("a?c", "aéc", true), ("a?c", "ac", false), ("a?c", "abbc", false),
    ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[^a-c]x", "dx", true),
    ("[]]x", "]x", true), ("[a-]x", "-x", true), ("[ax", "[ax", true), ("[c-a]", "b", false),
    ("{a,b}.log", "b.log", true), ("{a,b}.log", "c.log", false), ("x{,y}", "x", true),
    ("{a,{b,c}d}", "cd", true), ("{a}", "{a}", true), ("{a,b", "{a,b", true),
    ("{d,e/f}/*", "e/f/x", true), ("\\*", "*", true), ("\\*", "a", false),
    ("a**b", "axxb", true), ("*a*b*c", "xaxbxc", true), ("*a*b*c", "xaxcxb", false),
    ("a/", "a/b", true), ("a/", "a", true), ("x/a/", "x/a/b", true),
  ])
  func `a pattern matches`(_ pattern: String, _ path: String, _ expected: Bool) throws {
    let glob = try #require(Glob(Path(pattern)))
    #expect(glob.matches(Path(path)) == expected)
  }

  @Test func `no pattern takes forever`() throws {
    let name = Path(String(repeating: "a", count: 200))
    let stars = try #require(Glob(Path(String(repeating: "a*", count: 60) + "b")))
    #expect(!stars.matches(name))
    let folders = Path(String(repeating: "a/", count: 100) + "a")
    let deep = try #require(Glob(Path(String(repeating: "**/a/", count: 40) + "b")))
    #expect(!deep.matches(folders))
    #expect(Glob(Path(String(repeating: "{a,b}", count: 20))) == nil)
  }

  func expand(_ arguments: [String], excluding: [String] = []) -> PathExpansion {
    PathExpansion(
      of: arguments.map { Path(scratch.file($0)) },
      excluding: excluding.map { Path($0.hasPrefix("/") ? scratch.path + $0 : $0) })
  }

  func names(_ expansion: PathExpansion) -> [String] {
    expansion.files.map { String($0.path.description.dropFirst(scratch.path.count + 1)) }
  }

  func folder(_ name: String) { #expect(unsafe mkdir(scratch.file(name), 0o755) == 0) }

  @Test func `a folder is everything below it that is a file`() {
    folder("d")
    folder("d/e")
    folder("d/.hidden")
    folder("d/dir.log")
    for name in ["d/b.log", "d/a.log", "d/e/c", "d/.hidden/x", "d/.h", "d/line\nbreak"] {
      scratch.write(name, "")
    }
    #expect(unsafe symlink("a.log", scratch.file("d/link")) == 0)
    #expect(unsafe symlink("nowhere", scratch.file("d/dangling")) == 0)
    #expect(unsafe symlink("loop", scratch.file("d/loop")) == 0)
    #expect(unsafe symlink("..", scratch.file("d/up")) == 0)
    #expect(unsafe mkfifo(scratch.file("d/fifo"), 0o600) == 0)

    let all = expand(["d"])
    #expect(names(all) == ["d/a.log", "d/b.log", "d/e/c", "d/line\nbreak", "d/link"])
    #expect(all.problems == [])
    #expect(all.files.allSatisfy { !$0.isExplicit })
    #expect(names(expand(["d/*.log"])) == ["d/a.log", "d/b.log"])
    #expect(names(expand(["*/[ab].log", "d/a.log"])) == ["d/a.log", "d/b.log"])
    #expect(expand(["*/[ab].log", "d/a.log"]).files.map(\.isExplicit) == [true, false])
    #expect(names(expand(["**/c"])) == ["d/e/c"])
    #expect(names(expand(["d/up/d/*.log"])) == ["d/up/d/a.log", "d/up/d/b.log"])
    #expect(names(expand(["d/.hidden", "d/.h*", "d/.h"])) == ["d/.h", "d/.hidden/x"])
    #expect(names(expand(["d/*/"], excluding: ["up"])) == ["d/e/c"])
    #expect(names(expand(["d"], excluding: ["*.log", "/d/e"])) == ["d/line\nbreak", "d/link"])
    #expect(names(expand(["d/a.log"], excluding: ["a.*"])) == [])
  }

  @Test func `what names nothing is a problem`() {
    folder("d")
    #expect(unsafe mkfifo(scratch.file("fifo"), 0o600) == 0)
    let expansion = expand(["none", "*.none", "none/*.log", "fifo", "d"])
    #expect(expansion.files == [])
    #expect(
      expansion.problems == [
        .missing(Path(scratch.file("none"))), .noMatch(pattern: Path(scratch.file("*.none"))),
        .noMatch(pattern: Path(scratch.file("none/*.log"))),
        .notRegular(Path(scratch.file("fifo"))),
      ])
  }

  @Test func `names are bytes, and a pattern's characters may stand in one`() {
    let odd = Path(bytes: Array(scratch.path.utf8) + [slash, 0xFF, 0xFE])
    let written = unsafe odd.withCString { unsafe creat($0, 0o600) }
    #expect(written >= 0)
    close(written)
    scratch.write("a[1].log", "")
    scratch.write("a1.log", "")
    #expect(expand(["a[1].log"]).files.map(\.isExplicit) == [true])
    #expect(names(expand(["a[1].log"])) == ["a[1].log"])
    #expect(PathExpansion(of: [Path(scratch.path)]).files.map(\.path).last == odd)
    #expect(PathExpansion(of: [odd]).files == [.init(path: odd, isExplicit: true)])
  }
}
