import LogModel
import TestSupport
import Testing

@testable import LineStore

@Suite struct LineScannerTests {
  /// A line that was scanned, changed in a few bytes, and followed along its own shape and along those
  /// of other lines: wherever `follow` succeeds, a scan finds the same split.
  @Test(arguments: [UInt64(1), 20_261_121, .random(in: 0 ... .max)])
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
        guard
          scanner.follow(
            index, after: tried, of: shapes, changed.bytes.span, time: time, body: changed.body)
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
