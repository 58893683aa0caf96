/// How old what is kept may be: a second or more, since of nothing at all no retention is meant.
struct Age: TextValue {
  static let expectation = "an age of 1 second or more such as 4h, 30d or 12w"
  var duration: Duration

  init?(_ text: String) {
    guard let duration = Duration(text), duration >= .seconds(1) else { return nil }
    self.duration = duration
  }
}
