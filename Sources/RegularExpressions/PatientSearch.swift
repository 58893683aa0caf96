import CPCRE2

// Searches of long texts. PCRE2 has a limit of steps for each place where a match may begin, and none for all of them:
// few places that need many steps are fine, and many that need few, but which it is nobody knows before.

extension RegularExpression {
  /// From one place no more steps than so many for each byte of the text are worth the time: a few passes over it.
  private static let stepsOfByte = 16
  /// Of the limits that are tried, the lowest one.
  private static let fewestSteps = 64
  private static let mostPlaces = 4096

  /// Whether the pattern matches somewhere in a text that is UTF-8; takes what it costs, at least, off `patience`.
  ///
  /// Only for patterns of which steps tell the time (`CountedSteps`). Goes on place by place where many steps are needed, and by ever more places at once where they are not.
  ///
  /// - Throws: `limitExceeded`, or `failed`.
  func searchPatiently(
    _ text: Span<UInt8>, _ patience: inout Int
  ) throws(RegularExpressionError) -> Bool {
    guard stepsAreCounted, let code = unsafe try codeOfParts() else { throw .limitExceeded }
    defer { unsafe pcre2_set_offset_limit_8(context, unlimited) }
    let most = max(Self.fewestSteps, Self.stepsOfByte * text.count)
    var (steps, places) = (Self.fewestSteps, Self.mostPlaces)
    var start = 0
    while let place = starts.next(in: text, from: start) {
      guard patience > 0 else { throw .limitExceeded }
      let last = min(text.count, place + places - 1)
      limit(steps, to: 1)
      unsafe pcre2_set_offset_limit_8(context, last)
      do throws(RegularExpressionError) {
        let flags = PCRE2_NO_UTF_CHECK
        if try isMatch(unsafe match(code, text, from: place, flags)) { return true }
        patience -= places > 1 ? places : steps
        start = last + 1
        if steps > Self.fewestSteps {
          steps /= 2
        } else {
          places = min(2 * places, Self.mostPlaces)
        }
      } catch {
        guard error == .limitExceeded else { throw error }
        patience -= steps
        if places > 1 {
          places = max(1, places / 4)
        } else if steps < most {
          steps *= 2
        } else {
          throw error
        }
      }
    }
    return false
  }

  private func codeOfParts() throws(RegularExpressionError) -> OpaquePointer? {
    if unsafe boundedCode == nil {
      let code = unsafe try Self.compile(pattern, options, isBounded: true)
      let isForMachine = unsafe Self.compileForMachine(code)
      guard isForMachine == (unsafe jitStack != nil) else {
        unsafe pcre2_code_free_8(code)
        throw .outOfMemory
      }
      unsafe boundedCode = code
    }
    return unsafe boundedCode
  }
}

/// `PCRE2_UNSET`.
private let unlimited = -1
