import SQLite
import TestSupport
import Testing

@Suite struct StatementTests {
  @Test func `values come back as they were bound`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    var row = try db.prepare("SELECT ?, ?, ?, ?, ?, ?, ?")
    try row.bind(1, Int64.min)
    try row.bind(2, 2.5)
    try row.bind(3, "zwölf\u{0}x")
    try row.bind(4, text: Array("né".utf8).span)
    try row.bind(5, blob: [0, 255, 1].span)
    try row.bind(6, nil as String?)
    try row.bind(7, blob: [UInt8]().span)
    #expect(try row.step())
    #expect(row.integer(0) == Int64.min)
    #expect(row.real(1) == 2.5)
    #expect(row.text(2) == "zwölf\u{0}x")
    #expect(row.text(3) == "né")
    #expect(row.bytes(4).count == 3)
    let blob = row.bytes(4)
    #expect([blob[0], blob[1], blob[2]] == [0, 255, 1])
    #expect(row.optionalText(5) == nil)
    #expect(row.columnType(5) == .null)
    #expect(row.columnType(6) == .blob)
    #expect(row.bytes(6).count == 0)
    #expect(row.text(0) == "-9223372036854775808")
    #expect(try !row.step())
  }
}
