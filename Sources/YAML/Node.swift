/// One value of a document and where it begins.
///
/// Aliases are already replaced by what they name.
struct Node {
  enum Content {
    case scalar(ScalarContent)
    case sequence([Node])
    case mapping([Entry])
  }

  struct Entry {
    var key: String
    var keyMark: Mark
    var value: Node
  }

  /// A scalar's text after unescaping and folding; only a plain one can be other than text.
  struct ScalarContent {
    var text: String
    var isPlain: Bool
  }

  var mark: Mark
  var content: Content
  /// 0 for a scalar, else one more than the highest child.
  var height = 0
  /// The node itself and all below it, every use of an alias counted.
  var count = 1

  var isNull: Bool {
    guard case .scalar(let scalar) = content else { return false }
    return scalar.kind == .null
  }

  var found: Problem.Found {
    switch content {
    case .sequence: .list
    case .mapping: .mapping
    case .scalar(let scalar):
      switch scalar.kind {
      case .null: .nothing
      case .truth, .integer, .float: .plain(scalar.text)
      case .text: .text(scalar.text)
      }
    }
  }
}
