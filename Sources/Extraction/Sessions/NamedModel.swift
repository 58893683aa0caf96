/// The model that earlier lines name for the requests in those that follow.
struct NamedModel: Sendable, Equatable {
  var name: String?
  /// By whose price its turns are billed where the name is not the one that was read.
  var billed: String?

  init(_ name: String? = nil, billed: String? = nil) {
    self.name = name
    self.billed = billed
  }

  /// Puts another name in the place of this one; `listed` is what a list of prices calls a model.
  mutating func replace(_ replace: (String) -> String, listed: (String) -> String?) {
    guard let name else { return }
    let other = replace(name)
    guard other != name else { return }
    self.name = other
    if billed == nil { billed = listed(name) }
  }
}
