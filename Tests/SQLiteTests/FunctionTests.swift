import SQLite
import Testing

@Suite struct FunctionTests {
  struct Refusal: Error {}

  /// Counts how often it is made and how many are left.
  final class Needle {
    final class Count {
      var made = 0
      var alive = 0
    }
    let bytes: [UInt8]
    let count: Count

    init(_ bytes: [UInt8], _ count: Count) {
      self.bytes = bytes
      self.count = count
      count.made += 1
      count.alive += 1
    }
    deinit { count.alive -= 1 }
  }

  @Test func `a function gets every kind of value and gives every kind back`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.createFunction("echo", argumentCount: 1) { arguments, result in
      switch arguments.type(0) {
      case .null: result.setNull()
      case .integer: result.set(arguments.integer(0))
      case .real: result.set(arguments.real(0))
      case .text: result.set(text: arguments.bytes(0))
      case .blob: result.set(blob: arguments.bytes(0))
      }
    }
    for literal in ["NULL", "-7", "2.5", "'né'", "''", "x'00ff'", "x''"] {
      #expect(try db.text("SELECT quote(echo(\(literal)))") == literal.uppercasedHex)
    }
  }

  @Test func `a function of any number of arguments sees them all`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.createFunction("total", argumentCount: nil) { arguments, result in
      var sum: Int64 = 0
      for index in 0..<arguments.count { sum += arguments.integer(index) }
      result.set(sum)
    }
    #expect(try db.integer("SELECT total()") == 0)
    #expect(try db.integer("SELECT total(1, 2, 3)") == 6)
  }

  @Test func `an error that a function throws ends the statement with its message`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.createFunction("refuse", argumentCount: 0) { _, _ in throw Refusal() }
    try db.createFunction("fail", argumentCount: 0) { _, _ in
      throw SQLiteError(code: 13, message: "no room")
    }
    let refused = #expect(throws: SQLiteError.self) { try db.integer("SELECT refuse()") }
    #expect(refused?.code == 1)
    #expect(refused?.message == "Refusal()")
    let failed = #expect(throws: SQLiteError.self) { try db.integer("SELECT fail()") }
    #expect(failed?.isFull == true)
    #expect(failed?.message == "no room")
  }

  @Test func `what is made from a constant argument is made once and released`() throws {
    let count = Needle.Count()
    do {
      let db = try Connection(path: ":memory:", mode: .create)
      try db.createFunction("same", argumentCount: 2) { arguments, result in
        let needle = arguments.cached(0) { Needle(copy(arguments.bytes(0)), count) }
        result.set(copy(arguments.bytes(1)) == needle.bytes)
      }
      let found = try db.integer(
        "SELECT sum(same('b', value)) FROM json_each('[\"a\",\"b\",\"c\",\"b\"]')")
      #expect(found == 2)
      #expect(count.made == 1)
    }
    #expect(count.alive == 0)
  }

  @Test func `a connection releases its functions when it closes`() throws {
    let count = Needle.Count()
    do {
      let db = try Connection(path: ":memory:", mode: .create)
      let needle = Needle([], count)
      try db.createFunction("keep", argumentCount: 0) { _, result in
        result.set(needle.bytes.count)
      }
      #expect(try db.integer("SELECT keep()") == 0)
      #expect(count.alive == 1)
    }
    #expect(count.alive == 0)
  }
}

extension String {
  /// As `quote` writes a blob.
  fileprivate var uppercasedHex: String {
    hasPrefix("x'") ? "X" + dropFirst().uppercased() : self
  }
}
