import CPCRE2

/// A compiled PCRE2 pattern together with the memory that a search needs.
///
/// Searching allocates nothing. `$` stands for the end of the text only; classes such as `\w` are ASCII.
/// One object serves one thread: a search overwrites the captures of the one before.
@safe
package final class RegularExpression {
  package struct Options: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Letters match without regard to case, beyond ASCII by Unicode's simple folding.
    package static let ignoresCase = Options(rawValue: 1 << 0)
    /// `.` matches a line feed too.
    package static let dotMatchesLineEnds = Options(rawValue: 1 << 1)
    /// The texts are known to be UTF-8; a text that is not is then undefined behaviour.
    package static let assumesValidUTF8 = Options(rawValue: 1 << 2)
  }

  private let code: OpaquePointer
  private let matchData: OpaquePointer
  let context: OpaquePointer
  let jitStack: OpaquePointer?
  private let offsets: UnsafeMutablePointer<Int>
  private let matchOptions: UInt32
  let starts: MatchStarts
  let pattern: String
  /// See `CountedSteps`.
  private(set) lazy var stepsAreCounted =
    !options.contains(.ignoresCase) && CountedSteps.suffice(for: pattern)
  let options: Options
  /// For texts that are not UTF-8; made when the first one comes.
  ///
  /// It is never compiled by the JIT, whose `\S`, `\W` and `\D` match nothing beyond ASCII in such a pattern
  /// (PCRE2 10.42).
  private var tolerantCode: OpaquePointer?
  /// For texts that are searched part by part; made when the first one comes.
  var boundedCode: OpaquePointer?
  /// How many ranges of `offsets` the last search set; 0 after a search that found nothing.
  private var matchedCount: Int32 = 0
  /// What was searched last.
  private var wasUTF8 = false

  /// The number of groups; the whole match, number 0, is not counted.
  package let captureCount: Int

  /// Compiles `pattern`; `matchLimit` bounds the steps from each place where a match might begin.
  ///
  /// - Throws: `invalidPattern` or `outOfMemory`.
  package init(
    _ pattern: String, options: Options = [], matchLimit: UInt32 = 2_000_000
  ) throws(RegularExpressionError) {
    let code = unsafe try Self.compile(pattern, options)
    self.pattern = pattern
    self.options = options
    unsafe tolerantCode = nil
    unsafe boundedCode = nil
    guard let matchData = unsafe pcre2_match_data_create_from_pattern_8(code, nil),
      let context = unsafe pcre2_match_context_create_8(nil),
      let offsets = unsafe pcre2_get_ovector_pointer_8(matchData)
    else { throw .outOfMemory }
    unsafe pcre2_set_match_limit_8(context, matchLimit)
    unsafe pcre2_set_depth_limit_8(context, 10_000)
    unsafe pcre2_set_heap_limit_8(context, heapLimitKiB)
    // Where the machine has no JIT the interpreter gives the same answers.
    if unsafe Self.compileForMachine(code) {
      unsafe jitStack = pcre2_jit_stack_create_8(32 * 1024, 1024 * 1024, nil)
      unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(jitStack))
    } else {
      unsafe jitStack = nil
    }
    var groups: UInt32 = 0
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    captureCount = Int(groups)
    matchOptions = options.contains(.assumesValidUTF8) ? PCRE2_NO_UTF_CHECK : 0
    starts = unsafe MatchStarts(of: code)
    unsafe self.code = code
    unsafe self.matchData = matchData
    unsafe self.context = context
    unsafe self.offsets = offsets
  }

  deinit {
    unsafe pcre2_match_data_free_8(matchData)
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_jit_stack_free_8(jitStack)
    unsafe pcre2_code_free_8(code)
    unsafe pcre2_code_free_8(tolerantCode)
    unsafe pcre2_code_free_8(boundedCode)
  }

  static func compile(
    _ pattern: String, _ options: Options, isTolerant: Bool = false, isBounded: Bool = false
  ) throws(RegularExpressionError) -> OpaquePointer {
    var flags = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY
    if options.contains(.ignoresCase) { flags |= PCRE2_CASELESS }
    if options.contains(.dotMatchesLineEnds) { flags |= PCRE2_DOTALL }
    if isTolerant { flags |= PCRE2_MATCH_INVALID_UTF }
    if isBounded { flags |= PCRE2_USE_OFFSET_LIMIT }
    var number: Int32 = 0
    var offset = 0
    let bytes = Array(pattern.utf8)
    guard let code = unsafe pcre2_compile_8(bytes, bytes.count, flags, &number, &offset, nil) else {
      throw .invalidPattern(message: errorMessage(number), offset: offset)
    }
    return unsafe code
  }

  /// False where the machine has no JIT, or the pattern asks for none.
  static func compileForMachine(_ code: OpaquePointer) -> Bool {
    var size = 0
    guard unsafe pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) == 0 else { return false }
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_JITSIZE), &size)
    return size > 0
  }

  private static func errorMessage(_ number: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = unsafe pcre2_get_error_message_8(number, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
  }

  /// Whether the pattern matches somewhere in `text`.
  ///
  /// - Throws: `limitExceeded`, or `failed`.
  package func matches(_ text: Span<UInt8>) throws(RegularExpressionError) -> Bool {
    try search(text, from: 0)
  }

  /// The same within about so many steps from all places together where a match might begin; later searches
  /// have a limit of this kind, too.
  ///
  /// Where these are not enough, a text that is known to be UTF-8 is searched place by place, within `patience`.
  /// A text that is said to be UTF-8 and is not is undefined behaviour.
  ///
  /// - Throws: `limitExceeded`, or `failed`.
  package func matches(
    _ text: Span<UInt8>, steps: Int, isKnownUTF8: Bool, patience: inout Int
  ) throws(RegularExpressionError) -> Bool {
    do throws(RegularExpressionError) {
      return try matches(text, steps: steps, isKnownUTF8: isKnownUTF8)
    } catch {
      guard error == .limitExceeded, isKnownUTF8, patience > 0 else { throw error }
      return try searchPatiently(text, &patience)
    }
  }

  /// The same without patience.
  package func matches(
    _ text: Span<UInt8>, steps: Int, isKnownUTF8: Bool
  ) throws(RegularExpressionError) -> Bool {
    // A limit is one of each place. As many places as bytes is more than there are, and need not be counted.
    limit(steps, to: text.count)
    do throws(RegularExpressionError) {
      return try search(text, from: 0, isKnownUTF8: isKnownUTF8)
    } catch {
      let places = starts.count(in: text)
      guard error == .limitExceeded, places < text.count else { throw error }
      limit(steps, to: places)
      return try search(text, from: 0, isKnownUTF8: isKnownUTF8)
    }
  }

  func limit(_ steps: Int, to places: Int) {
    unsafe pcre2_set_match_limit_8(
      context, UInt32(clamping: max(1, steps / max(1, places))))
  }

  /// The bytes of the leftmost match that begins at or behind `start`.
  ///
  /// Of a text that `mayGoOn` also the bytes from which on a match might follow, if there were more of
  /// it.
  ///
  /// - Throws: `limitExceeded`, or `failed`.
  package func firstMatch(
    in text: Span<UInt8>, from start: Int = 0, mayGoOn: Bool = false
  ) throws(RegularExpressionError) -> Range<Int>? {
    try search(text, from: start, mayGoOn: mayGoOn) ? capture(0) : nil
  }

  /// Calls `body` with the bytes of each match, from the left on; an empty one may stand at the end of
  /// another.
  ///
  /// Of a text that `mayGoOn` the last may be the beginning of a match.
  ///
  /// - Throws: `limitExceeded`, or `failed`.
  package func forEachMatch(
    in text: Span<UInt8>, mayGoOn: Bool = false, _ body: (Range<Int>) -> Void
  ) throws(RegularExpressionError) {
    var start = 0
    var isUTF8 = false
    while start <= text.count {
      // What follows was looked at before; `\C` may end within a character.
      let isKnown = isUTF8 && !(start < text.count && text[start] & 0xC0 == 0x80)
      guard try search(text, from: start, mayGoOn: mayGoOn, isKnownUTF8: isKnown),
        let found = capture(0)
      else { return }
      isUTF8 = wasUTF8
      body(found)
      start = max(found.upperBound, start)
      if found.isEmpty {
        start += 1
        while start < text.count, text[start] & 0xC0 == 0x80 { start += 1 }
      }
    }
  }

  /// What group `group` matched in the last search; nil when it took no part, and 0 is the whole match.
  package func capture(_ group: Int) -> Range<Int>? {
    guard group < Int(matchedCount) else { return nil }
    let lower = unsafe offsets[2 * group]
    let upper = unsafe offsets[2 * group + 1]
    // PCRE2_UNSET is the highest number, which is -1 here; `\K` may put the start behind the end.
    return lower >= 0 && lower <= upper ? lower..<upper : nil
  }

  /// The number of the group called `name`; nil when no group is, or more than one.
  package func groupNumber(_ name: String) -> Int? {
    let number = unsafe pcre2_substring_number_from_name_8(code, Array(name.utf8) + [0])
    return number > 0 ? Int(number) : nil
  }

  /// The named groups in the order of their names.
  package var groupNames: [(name: String, group: Int)] {
    var count: UInt32 = 0
    var entrySize: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &entrySize)
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table = unsafe table else { return [] }
    // An entry is the number in two bytes, the higher first, then the name and a NUL.
    return (0..<Int(count)).map { index in
      let entry = unsafe table + index * Int(entrySize)
      let number = unsafe Int(entry[0]) << 8 | Int(entry[1])
      return unsafe (String(cString: entry + 2), number)
    }
  }

  private func search(
    _ text: Span<UInt8>, from start: Int, mayGoOn: Bool = false, isKnownUTF8: Bool = false
  ) throws(RegularExpressionError) -> Bool {
    let flags =
      matchOptions | (isKnownUTF8 ? PCRE2_NO_UTF_CHECK : 0) | (mayGoOn ? PCRE2_PARTIAL_HARD : 0)
    var result = unsafe match(code, text, from: start, flags)
    wasUTF8 = !Self.isUTFError(result)
    if !wasUTF8 {
      if unsafe tolerantCode == nil {
        unsafe tolerantCode = try Self.compile(pattern, options, isTolerant: true)
      }
      if let tolerantCode = unsafe tolerantCode {
        result = unsafe match(tolerantCode, text, from: start, flags)
      }
    }
    return try isMatch(result)
  }

  /// What PCRE2's answer means; afterwards `capture` has the groups.
  func isMatch(_ result: Int32) throws(RegularExpressionError) -> Bool {
    // Of a beginning, only the whole is known.
    matchedCount = result == PCRE2_ERROR_PARTIAL ? 1 : max(0, result)
    guard result < 0 else { return true }
    switch result {
    case PCRE2_ERROR_NOMATCH: return false
    case PCRE2_ERROR_PARTIAL: return true
    case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT,
      PCRE2_ERROR_JIT_STACKLIMIT:
      throw .limitExceeded
    case PCRE2_ERROR_NOMEMORY: throw .outOfMemory
    default: throw .failed(code: result)
    }
  }
}

extension RegularExpression {
  func match(
    _ code: OpaquePointer, _ text: Span<UInt8>, from start: Int, _ flags: UInt32
  ) -> Int32 {
    unsafe text.withUnsafeBufferPointer { bytes in
      // An empty span has no address; any will do for zero bytes.
      let address = unsafe bytes.baseAddress ?? emptyText
      // What is left to check costs several times the search.
      if flags == PCRE2_NO_UTF_CHECK, unsafe jitStack != nil, start <= bytes.count {
        return unsafe pcre2_jit_match_8(
          code, address, bytes.count, start, flags, matchData, context)
      }
      return unsafe pcre2_match_8(code, address, bytes.count, start, flags, matchData, context)
    }
  }

  private static func isUTFError(_ result: Int32) -> Bool {
    (PCRE2_ERROR_UTF8_ERR21...PCRE2_ERROR_UTF8_ERR1).contains(result)
      || result == PCRE2_ERROR_BADUTFOFFSET
  }
}

private let heapLimitKiB: UInt32 = 16 * 1024

/// Never read; lives as long as the program.
private nonisolated(unsafe) let emptyText: UnsafePointer<UInt8> = unsafe UnsafePointer(
  UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
