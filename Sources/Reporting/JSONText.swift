package import LogModel

extension TextSink {
  /// Writes `value` as JSON on one line: numbers stay numbers, a number that JSON lacks is null, a
  /// blob is an object as sqlite-utils writes it.
  package func writeJSON(_ value: Value) {
    switch value {
    case .null: write("null")
    case .integer(let number): write(String(number))
    case .real(let number): write(number.isFinite ? number.description : "null")
    case .text(let text): writeJSON(text)
    case .blob(let bytes):
      write(#"{"$base64":true,"encoded":""#)
      write(base64(bytes))
      write("\"}")
    case .json(let document):
      // A line end in a valid document is white space.
      write(document.utf8.lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
    }
  }

  /// Writes `text` as a JSON string.
  package func writeJSON(_ text: String) {
    write(0x22)
    if text.utf8.contains(where: needsEscape) {
      for byte in text.utf8 {
        if needsEscape(byte) { write(escape(byte)) } else { write(byte) }
      }
    } else {
      write(text)
    }
    write(0x22)
  }

  /// Writes one object; `keys` are JSON strings with the colon behind them.
  func writeJSONObject(keys: [String], _ values: [Value]) {
    write(0x7B)
    for (index, (key, value)) in zip(keys, values).enumerated() {
      if index > 0 { write(0x2C) }
      write(key)
      writeJSON(value)
    }
    write(0x7D)
  }
}

/// The columns as keys of an object: JSON strings with a colon, the second `a` as `a_2`.
func jsonKeys(_ columns: [String]) -> [String] {
  var used: Set<String> = []
  return columns.map { column in
    var name = column
    var number = 2
    while !used.insert(name).inserted {
      name = "\(column)_\(number)"
      number += 1
    }
    let key = TextSink()
    key.writeJSON(name)
    return key.text + ":"
  }
}

private func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

private func escape(_ byte: UInt8) -> String {
  switch byte {
  case 0x22: "\\\""
  case 0x5C: "\\\\"
  case 0x08: "\\b"
  case 0x09: "\\t"
  case 0x0A: "\\n"
  case 0x0C: "\\f"
  case 0x0D: "\\r"
  default: "\\u00" + hexadecimal(byte)
  }
}
