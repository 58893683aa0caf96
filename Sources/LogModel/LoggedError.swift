/// What one log record says went wrong.
///
/// A pure function of the record: the same record gives the same error in every run and every store.
package struct LoggedError: Sendable, Equatable {
  /// The version of the rules by which fingerprints are made; stored with each group.
  package static let algorithm: Int64 = 1

  /// By what an error is told from others: the first of these that the record has.
  package enum Tier: UInt8, Sendable, CaseIterable {
    /// A field `fingerprint` says so.
    case explicit = 1
    /// The type of the exception and the places in the program's own code that led to it.
    case frames
    /// The type, or what a gateway calls the failure, and the message less what varies.
    case message
    /// The message less what varies, and the logger.
    case text
  }

  package var tier: Tier
  /// Of an exception, or the class of a failed request; nil where only a level says that this is an error.
  package var type: String?
  /// The message less what varies, with the exceptions that this one led to.
  package var text: String
  /// The innermost place in the program's own code, or the route of a request.
  package var culprit: String?
  /// The places that make the fingerprint, the innermost first.
  package var frames: [String]
  /// The same as a JSON array.
  package var framesJSON: String {
    let quoted = frames.map { frame in
      var text = "\""
      for scalar in frame.unicodeScalars where scalar.value >= 0x20 {
        if scalar == "\"" || scalar == "\\" { text.unicodeScalars.append("\\") }
        text.unicodeScalars.append(scalar)
      }
      return text + "\""
    }
    return "[" + quoted.joined(separator: ",") + "]"
  }
  /// The first 52 bits of SHA-256 of what identifies the error: `errors.id` unless it was merged.
  package private(set) var fingerprint: Int64

  /// `parts` are what the fingerprint is made of, the tier aside.
  package init(
    _ tier: Tier, type: String?, text: String, culprit: String? = nil, frames: [String] = [],
    of parts: [String]
  ) {
    self.tier = tier
    self.type = type.map(Self.name)
    self.text = text
    self.culprit = culprit.map(Self.name)
    self.frames = frames.map(Self.name)
    let whole = ["\(Self.algorithm)", "\(tier.rawValue)"] + parts
    fingerprint = Int64(SHA256.prefix64(of: whole.joined(separator: "\u{1}")) >> 12)
  }

  /// How long a name may be, in bytes.
  private static let maxName = 200

  /// Without control characters, and not longer than names are.
  private static func name(_ text: String) -> String {
    let isPlain = text.utf8.count <= maxName && text.utf8.allSatisfy { $0 >= 0x20 }
    guard !isPlain else { return text }
    var name = ""
    for scalar in text.unicodeScalars {
      guard name.utf8.count + 4 <= maxName else { break }
      name.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
    }
    return name
  }
}
