/// Decompresses one member of a file, or the same from its beginning: a member of gzip (RFC 1952), a
/// frame of zstd (RFC 8878).
///
/// What lies between members is the business of `Decompressor`.
protocol Codec: AnyObject {
  /// Nil when there is no memory.
  init?()

  /// Another member begins.
  func reset()

  /// Takes from `input` and puts into `output`, which is not empty, as much as it can; without
  /// progress it wants input.
  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> CodecStep
}

struct CodecStep {
  enum Outcome: Hashable {
    case more, endOfMember, corrupt
    case refused(Refusal)
  }

  var consumed: Int
  var produced: Int
  var outcome: Outcome
}

/// Why a sound archive is not decompressed.
package enum Refusal: Hashable, Sendable {
  /// It asks for more memory than a reader of logs should need.
  case window(limit: Int)
  /// It was compressed with a dictionary, which is not in it.
  case dictionary
}

extension Refusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .window(let limit): "needs a window of more than \(limit >> 20) MiB to be decompressed"
    case .dictionary: "needs the dictionary that it was compressed with"
    }
  }
}
