import CBytes
package import LogModel

/// Statements that make a table with the rows, in one transaction.
package struct SQLRenderer: RowRenderer {
  private let sink: TextSink
  private let table: String
  private var start: [UInt8] = []

  package init(_ sink: TextSink, table: String) {
    self.sink = sink
    self.table = Self.quoted(table)
  }

  package mutating func begin(columns: [String]) {
    var used: Set<String> = []
    let names = columns.map { column in
      var name = column
      var number = 2
      // SQLite does not tell upper from lower case in names.
      while !used.insert(name.lowercased()).inserted {
        name = "\(column)_\(number)"
        number += 1
      }
      return Self.quoted(name)
    }
    sink.write("BEGIN;\nCREATE TABLE \(table)(\(names.joined(separator: ", ")));\n")
    start = Array("INSERT INTO \(table) VALUES(".utf8)
  }

  package mutating func row(_ values: [Value]) {
    sink.write(start)
    for (index, value) in values.enumerated() {
      if index > 0 { sink.write(0x2C) }
      write(value)
    }
    sink.write(");\n")
  }

  package mutating func end() { sink.write("COMMIT;\n") }

  package mutating func flush() { sink.flush() }

  private static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  private func write(_ value: Value) {
    switch value {
    case .null: sink.write("NULL")
    case .integer(.min): sink.write("(-9223372036854775807 - 1)")
    case .integer(let number): sink.write(String(number))
    case .real(let number): sink.write(Self.literal(number))
    case .text(let text), .json(let text): write(text)
    case .blob(let bytes): write(hex: bytes)
    }
  }

  private static func literal(_ number: Double) -> String {
    if number.isNaN { return "NULL" }
    guard number.isFinite else { return number > 0 ? "9e999" : "-9e999" }
    if number == number.rounded(), abs(number) < 0x1p53 { return number.description }
    // SQLite rounds twice: of the shortest text it may make the next number.
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { buffer in
      let count = unsafe logbook_print_real(buffer.baseAddress, buffer.count, number)
      return unsafe String(
        decoding: UnsafeRawBufferPointer(start: buffer.baseAddress, count: Int(count)),
        as: UTF8.self)
    }
  }

  /// A text with a NUL would end there, and the `sqlite3` shell reads CR LF as LF.
  private func write(_ text: String) {
    if text.utf8.contains(where: { $0 == 0 || $0 == 0x0D }) {
      sink.write("CAST(")
      write(hex: Array(text.utf8))
      return sink.write(" AS TEXT)")
    }
    sink.write(0x27)
    if text.utf8.contains(0x27) {
      for byte in text.utf8 {
        if byte == 0x27 { sink.write(0x27) }
        sink.write(byte)
      }
    } else {
      sink.write(text)
    }
    sink.write(0x27)
  }

  private func write(hex bytes: [UInt8]) {
    let digits = Array("0123456789ABCDEF".utf8)
    sink.write("X'")
    for byte in bytes {
      sink.write(digits[Int(byte >> 4)])
      sink.write(digits[Int(byte & 15)])
    }
    sink.write(0x27)
  }
}
