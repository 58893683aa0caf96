import LogModel
import TestSupport
import Testing

@testable import LineStore

@Suite struct LineScannerTests {
  /// A line that was scanned, changed in a few bytes, and followed along its own shape and along those
  /// of other lines: wherever `follow` succeeds, a scan finds the same split.
  @Test(arguments: [UInt64(1), 20_261_121, Seed.value])
  func `following a shape splits a line as scanning it does`(seed: UInt64) {
    print("seed \(seed)")
    var generator = LineGenerator(seed: seed)
    var random = SeededRandom(seed: seed ^ 1)
    var shapes = ShapeTable()
    var scanner = LineScanner()
    var other = LineScanner()
    var local: [Int] = []
    var followed = 0
    for _ in 0..<100_000 {
      let record = generator.next()
      let time = record.layout.kind == .none ? 0..<0 : record.timeRange
      scanner.scan(record.bytes.span, time: time, body: record.body)
      let own = shapes.add(scanner, record.bytes.span, level: 0, skeleton: 0)
      if scanner.isLocal { local.append(own) }
      var changed = record
      change(&changed, &random)
      other.scan(changed.bytes.span, time: time, body: changed.body)
      let line = String(decoding: changed.bytes, as: UTF8.self)
      var tried = -1
      for index in [own, local.randomElement(using: &random) ?? own, local.last ?? own]
      where shapes[index].isLocal {
        let missed = scanner.missPiece
        let isShared = tried >= 0 && shapes.shares(index, tried, upTo: missed)
        guard
          scanner.follow(
            index, from: isShared ? missed : 0, of: shapes, changed.bytes.span, time: time,
            body: changed.body)
        else {
          tried = scanner.missPiece >= 0 ? index : -1
          continue
        }
        tried = -1
        followed += 1
        #expect(ShapeTable.key(other.hash, 0) == shapes[index].hash, "\(line)")
        #expect(scanner.timePiece == other.timePiece, "\(line)")
        #expect(scanner.bodyStart == other.bodyStart && scanner.bodyEnd == other.bodyEnd, "\(line)")
        #expect(scanner.pieces == other.pieces, "\(line)")
        for piece in 0..<min(scanner.pieces, other.pieces) {
          #expect(scanner.piece(piece) == other.piece(piece), "piece \(piece) of \(line)")
        }
      }
    }
    #expect(followed > 25_000, "few lines were followed: \(followed)")
  }

  /// Constant text, and the holes in braces.
  @Test(
    arguments: [
      (
        ##"{"l":"{\"a\":\"x\\\"y\",\"n\":12,\"z\":null}","r":"q"}"##,
        ##"{"l":"{\"a\":\"‹x\\\"y›\",\"n\":‹12›,\"z\":null}","r":"‹q›"}"##
      ),
      (
        ##"{"l":"{\"a\":[1,{\"b\":\"]\"}],\"e\":\"\",\"f\":[]}"}"##,
        ##"{"l":"{\"a\":[‹1,{\"b\":\"]\"}›],\"e\":\"\",\"f\":[]}"}"##
      ),
      (
        ##"{"l":"{\"a\":\"x\\\\\",\"b\":\"y\"}"}"##, ##"{"l":"{\"a\":\"‹x\\\\›\",\"b\":\"‹y›\"}"}"##
      ),
      (##"{"l":"{\"a\":\"open 1"}"##, ##"{"l":"{\"a\":\"open ‹1›"}"##),
      (##"{"l":"{a: 1} \"b\""}"##, ##"{"l":"‹{a: 1} \"b\"›"}"##),
      (
        ##"{"l":"{\"o\":{\"k\":1}}","t":"{\"k\":\"v\"}"}"##,
        ##"{"l":"{\"o\":{\"k\":‹1›}}","t":"{\"k\":\"‹v›\"}"}"##
      ),
    ])
  func `values of a JSON text in a string are holes`(_ line: String, _ expected: String) {
    let bytes = Array(line.utf8)
    var scanner = LineScanner()
    scanner.scan(bytes.span, time: 0..<0, body: 0..<bytes.count)
    var shown: [UInt8] = []
    var position = 0
    for index in 0..<scanner.pieces {
      let piece = scanner.piece(index)
      shown += bytes[position..<piece.start] + "‹".utf8 + bytes[piece.start..<piece.end] + "›".utf8
      position = piece.end
    }
    #expect(String(decoding: shown + bytes[position...], as: UTF8.self) == expected)
  }

  @Test func `a JSON text in a string is one hole of the pattern`() {
    let lines = [
      ##"{"l":"{\"a\":\"x\",\"n\":12}","r":"q","s":5}"##, ##"{"l":"{\"b\":[1]}","r":"q","s":7}"##,
      ##"{"l":"-","r":"q","s":5}"##,
    ]
    let skeletons = lines.map { line in
      let bytes = Array(line.utf8)
      var scanner = LineScanner()
      scanner.scan(bytes.span, time: 0..<0, body: 0..<bytes.count)
      return SkeletonText.text(scanner, bytes.span)
    }
    #expect(Set(skeletons) == [##"{"l":"<*>","r":"<*>","s":<*>}"##])
  }

  /// Each of these holds more values than a template can, or is longer than what is scanned.
  @Test(arguments: [
    "\\\"q\\\":\\\"" + String(repeating: "x ", count: 4500) + "\\\"",
    (0..<70).map { "\\\"k\\($0)\\\":\($0)" }.joined(separator: ","),
  ])
  func `what is left of a long line is in no pattern`(_ members: String) {
    for nested in [true, false] {
      let bytes = Array(#"{"l":"{\#(members)}","path":"user beta","id":"a-b"}"#.utf8)
      var scanner = LineScanner()
      scanner.scan(bytes.span, time: 0..<0, body: 0..<bytes.count, nested: nested)
      let text = SkeletonText.text(scanner, bytes.span)
      #expect(text.hasPrefix(##"{"l":"<*>""##) && !text.contains("beta"), "\(text)")
    }
  }

  @Test(arguments: [
    (##"t=/a/b"{\"a\":null}""##, ##"t=/a/b/"{\"a\":null}""##),
    (##"{"x":1,"l":"{\"a\":null}"://b"##, ##"{"x":1,"l":"{\"a\":null}"/b/1"##),
  ])
  func `lines with other nested texts are of other shapes`(_ left: String, _ right: String) {
    let shapes = [left, right].map { line in
      let bytes = Array(line.utf8)
      var scanner = LineScanner()
      scanner.scan(bytes.span, time: 0..<0, body: 0..<bytes.count)
      return (hash: scanner.hash, skeleton: SkeletonText.text(scanner, bytes.span))
    }
    #expect(shapes[0].skeleton == shapes[1].skeleton || shapes[0].hash != shapes[1].hash)
  }

  /// Up to three bytes, none of them in the time.
  private func change(_ record: inout TestRecord, _ random: inout SeededRandom) {
    let bytes = Array("0159azAZ \"'\\:./-=,%?!é".utf8)
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      guard let place = record.bytes.indices.randomElement(using: &random),
        !record.timeRange.contains(place), let byte = bytes.randomElement(using: &random)
      else { continue }
      record.bytes[place] = byte
    }
  }
}
