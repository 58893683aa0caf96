import LogModel
import Testing

@Suite struct `Records of one error` {
  private static let head = "2026-03-02T10:00:00Z ERROR "

  private static func fingerprint(_ record: String) -> Int64? {
    error(record, format: record.first == "{" ? "json" : "generic")?.fingerprint
  }

  /// A line of text needs no head.
  private static func record(_ text: String) -> String { text.first == "{" ? text : head + text }

  @Test(arguments: [
    // A lambda's class of Java 8 and of Java 17, and a proxy.
    (
      "x\ncom.acme.E: m\n\tat com.acme.Shop$$Lambda$1/791452441.apply(Unknown Source)\n\tat com.acme.Shop.pay(Shop.java:4)",
      "x\ncom.acme.E: m\n\tat com.acme.Shop$$Lambda$14/0x00007f.apply(Unknown Source)\n\tat com.acme.Shop.pay(Shop.java:9)"
    ),
    (
      "x\ncom.acme.E: m\n\tat com.acme.Shop.price(Shop.java:4)\n\tat com.acme.Shop$$EnhancerBySpringCGLIB$$3f2a1b1c.price(<generated>)",
      "x\ncom.acme.E: m\n\tat com.acme.Shop.price(Shop.java:4)\n\tat com.acme.Shop$$EnhancerBySpringCGLIB$$77aa0b1d.price(<generated>)"
    ),
    (
      "x\nTypeError: m\n    at f (/app/a.js:1:2)\n    at async Promise.all (index 3)",
      "x\nTypeError: m\n    at f (/app/a.js:1:2)\n    at async Promise.all (index 11)"
    ),
    (
      "x\nTypeError: m\n    at f (https://a.example/assets/index-BxKq9aZt.js:1:2)",
      "x\nTypeError: m\n    at f (https://a.example/assets/index-Q_-7bRsU.js:1:2)"
    ),
    (
      "x\nTypeError: m\n    at f (https://a.example/4bd1b696c0.js:1:2)",
      "x\nTypeError: m\n    at f (https://a.example/c023c6e352.js:1:2)"
    ),
    (
      "Uncaught RuntimeException: m in /app/a.php:3\nStack trace:\n#0 /app/a.php(7): class@anonymous\u{0}/app/a.php:3$0->run()\n#1 {main}",
      "Uncaught RuntimeException: m in /app/a.php:4\nStack trace:\n#0 /app/a.php(8): class@anonymous\u{0}/app/a.php:4$1f->run()\n#1 {main}"
    ),
    ("cannot open data/anna/a.txt", "cannot open data/bernd/a.txt"),
    ("cannot open anna/a.txt", "cannot open bernd/b.txt"),
    (#"cannot open C:\Users\anna\a.txt"#, #"cannot open C:\Users\bernd\a.txt"#),
    ("no order deadbeef", "no order cafebabe"),
    ("[main] com.acme.Shop - cannot pay", "[scheduler] com.acme.Shop - cannot pay"),
    ("[pool-1-thread-3] c.a.Shop : cannot pay", "[worker] c.a.Shop : cannot pay"),
    (
      #"{"level":"error","message":"x is undefined","stack":"place@https://shop.example/orders-3f2a1b1c.js:1:20\n@https://shop.example/a.js:1:2"}"#,
      #"{"level":"error","message":"x is undefined","stack":"place@https://shop.example/orders-77aa0b1d.js:4:5\n@https://shop.example/a.js:9:2"}"#
    ),
  ])
  func `are one`(_ one: String, _ other: String) throws {
    let found = try #require(Self.fingerprint(Self.record(one)), "\(one)")
    #expect(found == Self.fingerprint(Self.record(other)), "\(one)")
  }

  @Test(arguments: [
    // Nothing but the file is known of a panic without a backtrace.
    (
      "thread 'main' panicked at src/main.rs:2:5:\nno price",
      "thread 'main' panicked at src/main.rs:9:5:\ndisk full"
    ),
    (
      "Uncaught RuntimeException: no price in /app/a.php:3\nStack trace:\n#0 {main}",
      "Uncaught RuntimeException: disk full in /app/a.php:9\nStack trace:\n#0 {main}"
    ),
    (
      "x\npanic: boom\n\ngoroutine 1 [running]:\nmain.(*Pool[...]).Get(0xc0)\n\t/src/main.go:7 +0x1d",
      "x\npanic: boom\n\ngoroutine 1 [running]:\nmain.(*Pool[...]).Put(0xc0)\n\t/src/main.go:9 +0x1d"
    ),
    (
      #"{"level":"error","msg":"cannot pay","stacktrace":"main.run\n\t/src/main.go:7"}"#,
      #"{"level":"error","msg":"cannot ship","stacktrace":"main.run\n\t/src/main.go:9"}"#
    ),
    (
      #"controller.go:324] "Reconciler error" err="no price""#,
      #"controller.go:324] "Reconciler error" err="disk full""#
    ),
    (#"Reconciler error" err="no price""#, #"Reconciler error" err="disk full""#),
    ("read/write failed", "read/only failed"),
    ("[billing] timeout", "[shipping] timeout"),
    (
      "x\nTypeError: m\n    at f (/app/index-MyModule.js:1:2)",
      "x\nTypeError: m\n    at f (/app/index-MyOrders.js:1:2)"
    ),
  ])
  func `are not those of another`(_ one: String, _ other: String) throws {
    let found = try #require(Self.fingerprint(Self.record(one)), "\(one)")
    #expect(found != Self.fingerprint(Self.record(other)), "\(one)")
  }

  @Test(
    arguments: [
      (
        "failed\n\tat com.acme.Shop.pay(Shop.java:4)", nil, "failed", ["com.acme.Shop:pay"]
      ),
      (
        "x\nTraceback (most recent call last):\n  File \"/a/b.py\", line 1, in make\nshop.orders.make.<locals>.PriceError: none",
        "shop.orders.make.<locals>.PriceError", "none", ["b:make"]
      ),
      (
        """
        x
          + Exception Group Traceback (most recent call last):
          |   File "/a/b.py", line 9, in main
          |     raise ExceptionGroup("several", [])
          | ExceptionGroup: several (2 sub-exceptions)
          +-+---------------- 1 ----------------
            | Traceback (most recent call last):
            |   File "/a/b.py", line 5, in pay
            |     raise ValueError("no price 7")
            | ValueError: no price 7
            +---------------- 2 ----------------
            | TypeError: int
            +------------------------------------
        """, "ValueError", "no price <*>, behind ExceptionGroup", ["b:pay"]
      ),
      (
        "x\nTypeError: y is undefined\nplace/<@https://shop.example/a.js:1:2\nasync*load@https://shop.example/b.js:1:2",
        "TypeError", "y is undefined", ["a:place", "b:load"]
      ),
      (
        "controller.go:324] \"Reconciler error\" err=\"no price 7\"", nil,
        "<*>] \"Reconciler error\" err=\"no price <*>\"", []
      ),
      ("\"anna\" not found", nil, "\"<*>\" not found", []),
      ("HttpTimeout: slow\n    at node 5", nil, "HttpTimeout: slow at node <*>", []),
      (
        "x\npanic: boom\n\ngoroutine 1 [running]:\nmain.(*Pool[...]).Get.func1(0xc0)\n\t/src/main.go:7 +0x1d",
        "panic", "boom", ["main:(*Pool).Get"]
      ),
      (
        #"{"level":"error","msg":"cannot pay 7","stacktrace":"main.run\n\t/src/main.go:7"}"#,
        nil, "cannot pay <*>", ["main:run"]
      ),
    ] as [(String, String?, String, [String])])
  func `have a title and places`(
    _ text: String, _ type: String?, _ title: String, _ frames: [String]
  ) throws {
    let record = Self.record(text)
    let found = try #require(
      error(record, format: text.first == "{" ? "json" : "generic"), "\(text)")
    #expect(found.type == type, "\(text)")
    #expect(found.text == title, "\(text)")
    #expect(found.frames == frames, "\(text)")
  }
}

@Suite struct `Failed requests` {
  @Test(arguments: [
    (
      "json",
      #"{"level":"info","msg":"request completed","status":502,"method":"GET","path":"/api/orders/5"}"#,
      "HTTP 5xx", "GET /api/orders/<*>"
    ),
    (
      "logfmt",
      #"time=2026-03-02T10:00:00Z level=info msg=done method=GET path="/api/orders/5" status=502"#,
      "HTTP 5xx", "GET /api/orders/<*>"
    ),
    (
      "json", #"{"method":"GET","path":"/a","response_code":200,"response_flags":"UT"}"#, "UT",
      "GET /a"
    ),
    (
      "json", #"{"method":"GET","path":"/a","response_code":404,"response_flags":"NR"}"#, "NR",
      "GET /a"
    ),
    (
      "json", #"{"method":"GET","path":"/a","response_code":0,"response_flags":"DC"}"#, "DC",
      "GET /a"
    ),
    (
      "json", #"{"method":"GET","path":"/a","response_code":0,"response_flags":"-"}"#,
      "no response", "GET /a"
    ),
    (
      "generic",
      #"[2026-03-02T10:00:00.310Z] "GET /a HTTP/2" 503 UH no_healthy_upstream - "-" 0 1"#, "UH",
      "GET /a"
    ),
    ("generic", #"[2026-03-02T10:00:00.310Z] "GET /a HTTP/2" 0 DC 0 0"#, "DC", "GET /a"),
    ("generic", #"[2026-03-02T10:00:00.310Z] "GET /a HTTP/2" 504 - 0 0"#, "HTTP 5xx", "GET /a"),
    (
      "json", #"{"http.request.method":"GET","url.path":"/a","http.response.status_code":502}"#,
      "HTTP 5xx", "GET /a"
    ),
    (
      "json",
      #"{"http":{"request":{"method":"GET"},"response":{"status_code":502}},"url":{"path":"/a"},"log.level":"info"}"#,
      "HTTP 5xx", "GET /a"
    ),
    (
      "json",
      #"{"level":30,"req":{"method":"GET","url":"/a"},"res":{"statusCode":502},"msg":"request completed"}"#,
      "HTTP 5xx", "GET /a"
    ),
    ("json", #"{"request":"GET /a HTTP/1.1","status":"502"}"#, "HTTP 5xx", "GET /a"),
  ])
  func `count whatever the level says`(
    _ format: String, _ record: String, _ type: String, _ text: String
  ) throws {
    let found = try #require(error(record, format: format), "\(record)")
    #expect(found.type == type, "\(record)")
    #expect(found.text == text, "\(record)")
    #expect(found.tier == .message, "\(record)")
  }

  @Test func `of a logger of pairs say what went wrong behind the message`() {
    let found = error(
      #"time=2026-03-02T10:00:00Z level=error msg="cannot pay" err="disk 7 full""#, format: "logfmt"
    )
    #expect(found?.text == "cannot pay: disk <*> full")
  }

  @Test(arguments: [
    ("json", #"{"msg":"battery","status":512}"#),
    ("json", #"{"level":"info","method":"GET","path":"/a","status":404}"#),
    ("json", #"{"level":"info","res":{"statusCode":200},"req":{"url":"/a"}}"#),
    ("json", #"{"method":"GET","path":"/a","response_code":200,"response_flags":"-"}"#),
    (
      "json",
      #"{"level":"warn","msg":"will retry","error":{"type":"TimeoutError","message":"t 1"}}"#
    ),
    ("json", #"{"level":"warn","msg":"HttpTimeout: slow\n    at node 5"}"#),
    ("logfmt", "time=2026-03-02T10:00:00Z level=info msg=full status=512"),
    ("generic", #"[2026-03-02T10:00:00.310Z] "GET /a HTTP/2" 200 - 0 0"#),
    ("generic", #"[2026-03-02T10:00:00.310Z] "GET /a HTTP/2" 200 OK"#),
    ("generic", "2026-03-02T10:00:00Z WARN HttpTimeout: slow\n    at node 5"),
  ])
  func `are not seen in others`(_ format: String, _ record: String) {
    #expect(error(record, format: format) == nil, "\(record)")
  }
}
