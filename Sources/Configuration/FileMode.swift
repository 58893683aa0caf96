/// The permission bits of a file.
package struct FileMode: Sendable, Hashable {
  package var bits: UInt32

  package init(bits: UInt32) { self.bits = bits }
}

extension FileMode: TextValue {
  static var expectation: String { "permissions in octal digits such as '0640'" }

  /// Three or four octal digits, `640` or `0640`; no bit above `rwxrwxrwx`.
  package init?(_ text: String) {
    guard (3...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x37).contains($0) }),
      let bits = UInt32(text, radix: 8), bits <= 0o777
    else { return nil }
    self.bits = bits
  }

  package var text: String {
    let digits = String(bits, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
