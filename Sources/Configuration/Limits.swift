/// How old what is kept may be: a second or more, since of nothing at all no retention is meant.
struct Age: TextValue {
  static let expectation = "an age of 1 second or more such as 4h, 30d or 12w"
  var duration: Duration

  init?(_ text: String) {
    guard let duration = Duration(text), duration >= .seconds(1) else { return nil }
    self.duration = duration
  }
}

/// How large a database may grow: an empty one has some hundred kilobytes.
struct StoreSize: TextValue {
  static let expectation = "a size of 1MB or more such as 500MB or 10GiB"
  var size: ByteSize

  init?(_ text: String) {
    guard let size = ByteSize(text), size.bytes >= 1_000_000 else { return nil }
    self.size = size
  }
}
