import LogModel
import Testing

@testable import Metrics

@Suite struct `Routes` {
  private static func route(_ path: String) -> String {
    var mask = RouteMask()
    let bytes = Array(path.utf8)
    mask.read(bytes.span, from: 0, to: bytes.count)
    return String(decoding: mask.bytes[..<mask.count], as: UTF8.self)
  }

  @Test(arguments: [
    ("/", "/"), ("", ""), ("//a//b/", "//a//b/"),
    // What is behind the path.
    ("/search?q=1/2", "/search"), ("/a/b#top", "/a/b"), ("/a;jsessionid=1A2B3C4D/b", "/a"),
    ("/a HTTP/1.1", "/a"), ("/a\" 200", "/a"), ("/a\tb", "/a"),
    // Numbers.
    ("/users/42", "/users/{id}"), ("/users/42/posts/7/", "/users/{id}/posts/{id}/"),
    ("/blog/2026/02/01/title", "/blog/{id}/{id}/{id}/title"), ("/2026-02-01", "/{id}-{id}-{id}"),
    ("/images/57_large.webp", "/images/{id}_large.webp"), ("/main.25.css", "/main.{id}.css"),
    ("/users/user100", "/users/user{id}"), ("/teapot-9", "/teapot-{id}"),
    ("/images/wide_57.webp", "/images/wide_{id}.webp"), ("/abcdefgh_57/x", "/abcdefgh_{id}/x"),
    ("/archive/tag@1234567/b", "/archive/tag@{id}/b"), ("/archive/abcdefa1", "/archive/{id}"),
    ("/archives/gbcdefa1", "/archives/gbcdefa1"), ("/~abc_defabc1", "/~abc_{id}"),
    // Not numbers.
    ("/api/v2/items", "/api/v2/items"), ("/style2.css", "/style2.css"), ("/mp3/x64", "/mp3/x64"),
    ("/i18n/de", "/i18n/de"), ("/10gelf", "/10gelf"),
    // UUIDs; one without any digit is too rare to look for.
    ("/o/550e8400-e29b-41d4-a716-446655440000", "/o/{id}"),
    ("/o/1eadbeef-dead-beef-dead-beefdeadbeef/x", "/o/{id}/x"),
    ("/o/550E8400-E29B-41D4-A716-446655440000.json", "/o/{id}.json"),
    ("/o/550e8400-e29b-41d4-a716-44665544000", "/o/{id}-e29b-41d4-a{id}-{id}"),
    ("/u/bfefbbcc-2d76-48af-8123-0123456789ab/x", "/u/{id}/x"),
    ("/u/DEADBEEF-CAFE-4BAD-8BAD-FEEDFACEBEEF?x", "/u/{id}"),
    ("deadbeef-cafe-dead-8bad-feedfacebeef", "{id}"),
    ("/s/user.deadbeef-cafe-dead-beef-feedfacebee1.json", "/s/user.{id}.json"),
    ("/u/xdeadbeef-cafe-4bad-8bad-feedfacebeef", "/u/xdeadbeef-cafe-4bad-8bad-feedfacebeef"),
    ("/u/deadbeef-cafe-4bad-8bad-feedfacebeefs", "/u/deadbeef-cafe-4bad-8bad-feedfacebeefs"),
    ("/u/eadbeef-cafe-4bad-8bad-feedfacebee1", "/u/eadbeef-cafe-4bad-8bad-{id}"),
    ("/u/deadbeef-cafe_4bad-8bad-feedfacebeef", "/u/deadbeef-cafe_4bad-8bad-feedfacebeef"),
    ("/o/deadbeef-dead-beef-dead-beefdeadbeef", "/o/deadbeef-dead-beef-dead-beefdeadbeef"),
    // Hexadecimal words.
    ("/commit/a1b2c3d", "/commit/{id}"), ("/p/9ef6ee1cd53f", "/p/{id}"), ("/facade", "/facade"),
    ("/c/deadbeef", "/c/deadbeef"), ("/c/1e2", "/c/1e2"),
    // Long words with a digit, and without.
    ("/t/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/t/{id}"), ("/t/sixteen4letterss", "/t/{id}"),
    ("/t/fifteen4letters", "/t/fifteen4letters"),
    ("/t/internationalization", "/t/internationalization"),
    // Bytes beyond ASCII and escaped ones are letters.
    ("/tee/größe", "/tee/größe"), ("/%E4%BD%A0%E5%A5%BD", "/{id}"), ("/a%20b", "/a%20b"),
  ])
  func `ids are masked, words are not`(_ path: String, _ route: String) {
    #expect(Self.route(path) == route)
  }

  @Test func `a long path is cut`() {
    let route = Self.route("/" + String(repeating: "ab/", count: 500))
    #expect(route.utf8.count == RouteMask.longest)
    #expect(
      Self.route("/" + String(repeating: "1/", count: 500)).utf8.count < RouteMask.longest + 8)
    let word = Self.route("/" + String(repeating: "x7", count: 500))
    #expect(word == "/{id}")
  }

  @Test(arguments: [
    ("GET /a HTTP/1.1", #"{"method":"GET","route":"/a"}"#),
    ("POST /a/1 HTTP/2.0", #"{"method":"POST","route":"/a/{id}"}"#),
    ("GET http://shop.example.com/a/1?b HTTP/1.1", #"{"method":"GET","route":"/a/{id}"}"#),
    ("GET https://shop.example.com HTTP/1.1", #"{"method":"GET","route":""}"#),
    ("OPTIONS * HTTP/1.1", #"{"method":"OPTIONS","route":""}"#),
    ("CONNECT example.com:443 HTTP/1.1", #"{"method":"__other__","route":""}"#),
    ("PROPFIND /dav HTTP/1.1", #"{"method":"__other__","route":"/dav"}"#),
    ("GETX /a HTTP/1.1", #"{"method":"__other__","route":"/a"}"#),
    (#"\x16\x03\x01"#, #"{"method":"__other__","route":""}"#),
    ("", #"{"method":"__other__","route":""}"#),
    ("-", #"{"method":"__other__","route":""}"#), ("GET", #"{"method":"__other__","route":""}"#),
    ("GET  HTTP/1.1", #"{"method":"GET","route":""}"#),
    (#"GET /a\b HTTP/1.1"#, #"{"method":"GET","route":"/a\\b"}"#),
  ])
  func `a request has a method and a path, or is none`(_ text: String, _ labels: String) {
    let line = Array("\"\(text)\" 200".utf8)
    var request = LoggedRequest(target: 1..<1 + text.utf8.count, status: 200)
    request.size = 5
    var reader = RouteReader()
    reader.read(line.span, request, source: 1, time: 0)
    let bytes = reader.take().first { $0.rule == StandardMetric.routeBytes.rawValue }
    #expect(bytes.map { String(decoding: $0.labels, as: UTF8.self) } == labels)
  }
}
