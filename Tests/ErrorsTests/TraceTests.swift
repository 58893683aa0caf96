import LogModel
import Testing

@Suite struct `Stack traces` {
  @Test(arguments: Traces.all.indices)
  func `have one fingerprint whatever the ids, addresses and line numbers`(_ index: Int) throws {
    let trace = Traces.all[index]
    let found = (0..<5).map { error(Traces.text(trace.text, variant: $0)) }
    let first = try #require(found[0], "\(trace.language)")
    #expect(first.type == trace.type, "\(trace.language)")
    #expect(first.frames == trace.frames, "\(trace.language)")
    #expect(first.tier == .frames, "\(trace.language)")
    #expect(Set(found.map { $0?.fingerprint }).count == 1, "\(trace.language)")
  }

  @Test func `of nine languages have nine fingerprints`() {
    let found = Traces.all.map { error(Traces.text($0.text, variant: 0))?.fingerprint }
    #expect(Set(found).count == 9)
  }

  @Test func `tell the outer exceptions in the title only`() {
    let trace = Traces.all[1].text
    let found = error(Traces.text(trace, variant: 0))
    #expect(found?.text == "Read timed out after <*> ms, behind com.acme.shop.OrderException")
    #expect(found?.culprit == "com.acme.pay.Gateway:read")
    let other = trace.replacing(
      "com.acme.shop.OrderException", with: "com.acme.shop.OtherException")
    #expect(error(Traces.text(other, variant: 0))?.fingerprint == found?.fingerprint)
  }

  @Test(arguments: [
    // A cause in Python stands before what it led to.
    (
      """
      2026-03-02T10:00:00Z ERROR x
      Traceback (most recent call last):
        File "/a/b.py", line 1, in read
      OSError: gone

      The above exception was the direct cause of the following exception:

      Traceback (most recent call last):
        File "/a/b.py", line 2, in main
      RuntimeError: cannot go on
      """, "OSError", "gone, behind RuntimeError", ["b:read"]
    ),
    // Recursion counts once.
    (
      """
      2026-03-02T10:00:00Z ERROR x
      RangeError: Maximum call stack size exceeded
          at walk (/app/tree.js:1:2)
          at walk (/app/tree.js:1:2)
          at walk (/app/tree.js:1:2)
          at main (/app/index.js:1:2)
      """, "RangeError", "Maximum call stack size exceeded", ["tree:walk", "index:main"]
    ),
    // Nothing but the system's frames: then these.
    (
      """
      2026-03-02T10:00:00Z ERROR x
      java.lang.OutOfMemoryError: Java heap space
      \tat java.base/java.util.Arrays.copyOf(Arrays.java:3537)
      """, "java.lang.OutOfMemoryError", "Java heap space", ["java.util.Arrays:copyOf"]
    ),
    // A trace behind a line of no level.
    (
      """
      2026-03-02T10:00:00Z started
      Traceback (most recent call last):
        File "<stdin>", line 1, in <module>
      ZeroDivisionError: division by zero
      """, "ZeroDivisionError", "division by zero", ["<stdin>:<module>"]
    ),
    (
      """
      2026-03-02T10:00:00Z ERROR thread 'main' panicked at 'no price', src/main.rs:2:5
      note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
      """, "panic", "no price", ["main"]
    ),
  ])
  func `of every shape are read`(
    _ record: String, _ type: String, _ text: String, _ frames: [String]
  ) {
    let found = error(record)
    #expect(found?.type == type)
    #expect(found?.text == text)
    #expect(found?.frames == frames)
  }

  @Test func `that name nothing leave the message`() {
    let found = error("2026-03-02T10:00:00Z ERROR all failed\nCaused by:\n\tat (\nCaused by: x: y")
    #expect(found?.text.isEmpty == false)
  }

  @Test(arguments: [
    "2026-03-02T10:00:00Z INFO a query\nSELECT *\nfrom orders\nwhere id = 4",
    "2026-03-02T10:00:00Z INFO threads\n  at noon\n  at night",
    "2026-03-02T10:00:00Z WARN slow",
    "2026-03-02T10:00:00Z no level",
  ])
  func `are not seen where there are none`(_ record: String) {
    #expect(error(record) == nil)
  }
}
