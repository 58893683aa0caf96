import LogModel

extension RequestMethod {
  /// A request's method, and its target without it.
  @inline(__always)
  static func find(
    _ line: Span<UInt8>, _ request: LoggedRequest
  ) -> (method: RequestMethod, target: Range<Int>) {
    guard request.method.isEmpty else {
      return (named(line, request.method), request.target)
    }
    let target = request.target
    guard target.upperBound <= line.count else { return (.other, 0..<0) }
    var end = target.lowerBound
    while end < target.upperBound, line[end] != 0x20 { end &+= 1 }
    guard end < target.upperBound else { return (.other, 0..<0) }
    return (named(line, target.lowerBound..<end), end &+ 1..<target.upperBound)
  }

  @inline(__always)
  private static func named(_ line: Span<UInt8>, _ range: Range<Int>) -> RequestMethod {
    guard range.count <= 7, range.upperBound <= line.count else { return .other }
    var word: UInt64 = 0
    for index in range { word = word << 8 | UInt64(line[index]) }
    switch word {
    case 0x47_4554: return .get
    case 0x504F_5354: return .post
    case 0x4845_4144: return .head
    case 0x50_5554: return .put
    case 0x4445_4C45_5445: return .delete
    case 0x50_4154_4348: return .patch
    case 0x4F_5054_494F_4E53: return .options
    default: return .other
    }
  }
}
