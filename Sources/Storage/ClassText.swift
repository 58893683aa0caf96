package import SQLite

/// How many numbers there are of each class, as `sample.classes` has it: the first class, then a letter or `,N` for how many
/// there are of it and of each one that follows; behind `;` the same from a later class on.
///
/// `a` to `i` are 1 to 9; `j`, `k`, `l` and `m` are 1, 2, 4 and 8 classes of none. So the view `histograms` makes JSON
/// of it by replacing text.
package struct ClassText {
  /// So many classes of none are written; behind more of them it begins anew.
  private static let mostOfNone = 31

  private var bytes: [UInt8] = []

  /// Nil for none.
  static func text(of classes: [Int: Int64]) -> String? {
    var text = ClassText()
    var last: Int?
    for (number, count) in classes.sorted(by: { $0.key < $1.key }) where count > 0 {
      text.begin(number, after: last)
      text.append(count)
      last = number
    }
    return last == nil ? nil : String(decoding: text.bytes, as: UTF8.self)
  }

  private mutating func begin(_ number: Int, after last: Int?) {
    if let last, number - last - 1 <= Self.mostOfNone {
      var none = number - last - 1
      while none > 0 {
        // Of the powers of two up to 8 the largest that there is room for.
        let power = min(3, Int.bitWidth - 1 - none.leadingZeroBitCount)
        bytes.append(UInt8(ascii: "j") + UInt8(power))
        none -= 1 << power
      }
      return
    }
    if last != nil { bytes.append(UInt8(ascii: ";")) }
    bytes += String(number).utf8
  }

  private mutating func append(_ count: Int64) {
    if count < 10 {
      bytes.append(UInt8(ascii: "a") + UInt8(count - 1))
    } else {
      bytes.append(UInt8(ascii: ","))
      bytes += String(count).utf8
    }
  }

  /// Adds what a column holds.
  package static func add(
    _ row: borrowing Statement, _ column: Int32, to classes: inout [Int: Int64]
  ) {
    guard !row.isNull(column) else { return }
    let text = row.bytes(column)
    var (index, next) = (0, 0)
    func number() -> Int64 {
      let isNegative = index < text.count && text[index] == UInt8(ascii: "-")
      if isNegative { index += 1 }
      var value: Int64 = 0
      while index < text.count, text[index] &- 0x30 < 10 {
        value = value &* 10 &+ Int64(text[index] &- 0x30)
        index += 1
      }
      return isNegative ? -value : value
    }
    next = Int(number())
    while index < text.count {
      let byte = text[index]
      index += 1
      switch byte {
      case UInt8(ascii: ";"): next = Int(number())
      case UInt8(ascii: ","):
        classes[next, default: 0] += number()
        next += 1
      case UInt8(ascii: "a")...UInt8(ascii: "i"):
        classes[next, default: 0] += Int64(byte - 0x60)
        next += 1
      case UInt8(ascii: "j")...UInt8(ascii: "m"): next += 1 << Int(byte - UInt8(ascii: "j"))
      default: return
      }
    }
  }
}
