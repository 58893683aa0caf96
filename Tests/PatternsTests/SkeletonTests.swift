import Patterns
import Testing

/// `?` stands for a hole, `^` for the time.
private func skeleton(_ message: String) -> String {
  Skeleton.text(
    of: message.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "?"): Skeleton.hole
      case UInt8(ascii: "^"): Skeleton.time
      default: byte
      }
    })
}

@Suite struct SkeletonTests {
  @Test(
    arguments: [
      ("took ? ms", "took <*>"), ("free ? KB of ? MB", "free <*> of <*>"),
      ("? seconds", "<*> seconds"),
      ("lifetime <? sec", "lifetime <*>"), ("? bytes (? KB) sent", "<*> bytes sent"),
      ("blk_? of /data?", "<*> of <*>"), ("worker-? done", "<*> done"), ("index:?", "index:<*>"),
      ("{\"n\":?}", "{\"n\":<*>}"),
      ("open proxy.example.org:? now", "open <*> now"), ("at Sun Jul ? ? ?", "at <*>"),
      ("to ?, ?,? and ?", "to <*> and <*>"), ("delete ? ? ?", "delete <*>"),
      ("from a.b-c.example.org.", "from <*>."), ("call a.b.c(?)", "call a.b.c(<*>)"),
      ("action a.b.TIME_TICK", "action a.b.TIME_TICK"),
      ("rhost=example.org user=root", "rhost=<*> user=root"),
      ("ws=null, id=deadbe", "ws=<*>, id=<*>"),
      ("null pointer", "null pointer"), ("tag=\"\" from ? ()", "tag=\"<*>\" from <*> (<*>)"),
      ("call() done", "call() done"), ("a \t b\n  c ", "a b c"),
      ("? - - [^] \"GET ?\" ?", "<*> - - \"GET <*>\" <*>"),
      ("sent ?%", "sent <*>"), ("size ?kB!", "size <*>!"), ("", ""), ("?", "<*>"),
    ])
  func `what varies is masked`(_ message: String, _ expected: String) {
    #expect(skeleton(message) == expected)
  }

  @Test(
    arguments: [
      ("WindowManager: focus ?", "focus <*>"), ("dfs.DataNode$Receiver: got ?", "got <*>"),
      ("[main] org.example.App - up", "up"), ("chrome.exe *? - ? close", "<*> close"),
      ("nova.compute [req-? - -] VM up", "VM up"), ("error: x", "error: x"),
      ("KeyError: ?", "KeyError: <*>"), ("NullPointerException: x", "NullPointerException: x"),
      ("[client ?] denied", "[client <*>] denied"), ("HTTP_PORT: ?", "HTTP_PORT: <*>"),
      ("WindowManager:", "WindowManager:"), ("Transparent bridge - ?", "Transparent bridge - <*>"),
    ])
  func `a logger's name is none of the words`(_ message: String, _ expected: String) {
    #expect(skeleton(message) == expected)
  }

  @Test(
    arguments: [
      (String(repeating: "é", count: 600), "é<…>"),
      (String(repeating: "a", count: 1023) + "é", "a<…>"),
      (String(repeating: "a ", count: 511) + "? b", "a<…>"),
      (String(repeating: "b ", count: 511) + "😀?", "b<…>"),
    ])
  func `a long text is cut between characters`(_ message: String, _ end: String) {
    let text = skeleton(message)
    #expect(text.hasSuffix(end))
    #expect(text.utf8.count <= Skeleton.maxCount + Skeleton.cut.utf8.count)
  }
}

@Suite struct PatternTextTests {
  @Test(
    arguments: [
      ("user <*> from <*>", "user anna from here", ["anna", "here"]), ("<*>", "", [""]),
      ("a <*>", "b x", nil), ("x", "x", []), ("x", "xy", nil),
      ("<*> b <*>", "a b c b d", ["a", "c b d"]),
      ("<*>a", "aba", ["ab"]),
    ] as [(String, String, [String]?)])
  func `a pattern takes its instances apart`(
    _ pattern: String, _ text: String, _ values: [String]?
  ) {
    let found = PatternText(pattern).values(in: Array(text.utf8)[...])
    #expect(found?.map { String(decoding: $0, as: UTF8.self) } == values)
  }

  @Test func `the most telling pattern is the best`() {
    let patterns = ["<*>", "user <*>", "user <*> from <*>"].map { PatternText($0) }
    #expect(PatternText.best(for: "user a from b", among: patterns)?.text == "user <*> from <*>")
    #expect(PatternText.best(for: "user a", among: patterns)?.text == "user <*>")
    #expect(PatternText.best(for: "x", among: [PatternText("y")]) == nil)
  }
}
