import CBytes
import Glibc

/// What a token is, and which part of it varies.
///
/// Apart from the scanner, since a method of that would be handed a copy of all its fields at each token. The
/// scanner owns the table.
@safe struct TokenRules {
  let classes: UnsafeMutablePointer<UInt8>

  /// The token at `first`: the range of its hole (empty when it is constant), and where to go on.
  ///
  /// `limit` is the end of what may belong to it: that of the line, or the beginning of the time.
  func token(
    _ line: UnsafePointer<UInt8>, _ first: Int, _ limit: Int
  ) -> (start: Int, end: Int, next: Int, flags: UInt8) {
    if unsafe line[first] == slash, first + 1 < limit,
      unsafe classes[Int(line[first + 1])] & ByteClass.word != 0
    {
      let end = unsafe runEnd(line, first, limit)
      return (first, end, end, 0)
    }
    var start = first
    var index = first
    var flags: UInt8 = 0
    var dots = 0
    while index < limit {
      let byte = unsafe line[index]
      let kind = unsafe classes[Int(byte)]
      if kind & ByteClass.word != 0 {
        flags |= kind
        index &+= 1
        continue
      }
      guard kind == ByteClass.joiner else { break }
      if flags & ByteClass.digit == 0 {
        if byte == dot {
          dots &+= 1
        } else if byte == colon, index &+ 2 < limit, unsafe line[index &+ 1] == slash,
          unsafe line[index &+ 2] == slash
        {
          let end = unsafe runEnd(line, index, limit)
          return (start, end, end, 0)
        } else if Self.isConstantPrefix(flags, emptyBefore: start == index, byte) {
          start = index &+ 1
          flags = 0
          dots = 0
          index &+= 1
          continue
        }
      }
      flags |= kind
      index &+= 1
    }
    let next = index
    var end = index
    while end > start, unsafe Self.isTrailing(line[end &- 1]) {
      end &-= 1
      if unsafe line[end] == dot { dots &-= 1 }
    }
    if flags & ByteClass.digit != 0 { return (start, end, next, flags) }
    // `deadbeef` is a number that happens to have no digit.
    if end - start >= 8, flags == ByteClass.hexLower || flags == ByteClass.hexUpper {
      return (start, end, next, flags)
    }
    if dots >= 2, end > start,
      unsafe classes[Int(line[end - 1])] & (ByteClass.lower | ByteClass.hexLower) != 0,
      flags & ByteClass.letter != 0
    {
      return (start, end, next, flags)
    }
    return (0, 0, next, 0)
  }

  /// Whether the letters before a joiner are a word (`worker-`) and not the beginning of an id.
  private static func isConstantPrefix(_ flags: UInt8, emptyBefore: Bool, _ joiner: UInt8) -> Bool {
    if emptyBefore { return joiner != minus && joiner != plus }
    let letters = flags & ByteClass.letter
    return letters & ~(ByteClass.lower | ByteClass.hexLower) == 0 && letters & ByteClass.lower != 0
      || letters & ~(ByteClass.upper | ByteClass.hexUpper) == 0 && letters & ByteClass.upper != 0
  }

  private static func isTrailing(_ byte: UInt8) -> Bool {
    byte == dot || byte == colon || byte == UInt8(ascii: "?") || byte == minus
  }

  /// The end of a path or URL: up to a blank, a quote, a bracket, a comma or a semicolon.
  private func runEnd(_ line: UnsafePointer<UInt8>, _ start: Int, _ limit: Int) -> Int {
    var index = start
    while index < limit {
      let byte = unsafe line[index]
      if unsafe classes[Int(byte)] & ByteClass.token == 0 && byte != equals
        && byte != UInt8(ascii: "!")
      {
        break
      }
      index += 1
    }
    while index > start + 1, unsafe Self.isTrailing(line[index - 1]) { index -= 1 }
    return index
  }

  /// What a quote begins.
  struct Quoted {
    /// The closing quote; the opening one when it is only a byte among others.
    var end: Int
    var flags: UInt8 = 0
    var isHole = false
    /// Of what it holds so many bytes are constant.
    var skip = 0
    /// Whether constant text and the ends of holes decide about it, see `LineScanner.isLocal`.
    var isLocal = true
    /// The byte before the quote was looked at.
    var looksBack = true
    /// The closing quote of a JSON text whose values are holes; -1 for any other.
    var nestedEnd = -1
  }

  func quoted(
    _ line: UnsafePointer<UInt8>, _ start: Int, _ count: Int, _ timeStart: Int, _ body: Range<Int>,
    nested takesApart: Bool = true
  ) -> Quoted {
    let quote = unsafe line[start]
    if !body.isEmpty && (start + 1 == body.lowerBound || start == body.upperBound) {
      return Quoted(end: start, looksBack: false)
    }
    if start + 1 == timeStart { return Quoted(end: start, looksBack: false) }
    if start > 0 {
      let before = unsafe line[start - 1]
      let kind = unsafe classes[Int(before)]
      if kind & ByteClass.word != 0 || before == backslash {
        return Quoted(end: start)
      }
    }
    let isSingle = quote == UInt8(ascii: "'")
    let limit = isSingle ? min(count, start + 256) : count
    var hasEscapes = false
    let index = unsafe logbook_quote_end(line, start + 1, limit, quote, &hasEscapes)
    let flags = ByteClass.joiner | (hasEscapes ? ByteClass.escaped : 0)
    // Unbalanced, or around the time or the message, which are taken apart by themselves.
    if index >= limit || start < timeStart && timeStart < index {
      return Quoted(end: start, isLocal: false)
    }
    if start < body.lowerBound && body.lowerBound < index {
      return Quoted(end: start, isLocal: false)
    }
    var after = index + 1
    if after < count, unsafe line[after] == UInt8(ascii: " ") { after += 1 }
    if after < count {
      let byte = unsafe line[after]
      if byte == colon { return Quoted(end: index) }
      if isSingle && after == index + 1,
        unsafe classes[Int(byte)] & ByteClass.word != 0
      {
        return Quoted(end: start, isLocal: false)
      }
    }
    if takesApart, !isSingle, unsafe Self.isNested(line, start + 1, index) {
      return Quoted(end: start, nestedEnd: index)
    }
    let isEmpty = index == start + 1
    return Quoted(
      end: index, flags: flags, isHole: !isEmpty,
      skip: isSingle || body.contains(timeStart)
        ? 0 : unsafe Self.method(line, start + 1, index),
      isLocal: !(isEmpty && isSingle))
  }

  /// The length of an HTTP method and its blank, if more follows: what is got or posted is not one event.
  ///
  /// Not asked for in access logs, whose body is the whole line: methods there would only multiply the
  /// templates.
  private static func method(_ line: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    // Each is told from the others by four of its bytes.
    guard end - start > 4 else { return 0 }
    let word = unsafe UnsafeRawPointer(line + start).loadUnaligned(as: UInt32.self).littleEndian
    for (name, bytes) in methods where bytes == word {
      let count = name.utf8CodeUnitCount
      guard end - start > count else { return 0 }
      let isSame = unsafe memcmp(line + start, name.utf8Start, count) == 0
      return isSame ? count : 0
    }
    return 0
  }
}

private let methods: [(name: StaticString, bytes: UInt32)] = {
  let names: [StaticString] = [
    "GET ", "POST ", "PUT ", "DELETE ", "HEAD ", "PATCH ", "OPTIONS ", "CONNECT ", "TRACE ",
  ]
  return names.map { name in
    (name, unsafe UnsafeRawPointer(name.utf8Start).loadUnaligned(as: UInt32.self).littleEndian)
  }
}()

private let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")
private let colon = UInt8(ascii: ":")
private let minus = UInt8(ascii: "-")
private let plus = UInt8(ascii: "+")
private let equals = UInt8(ascii: "=")
private let backslash = UInt8(ascii: "\\")
