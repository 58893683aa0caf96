package enum Shape {
  case scalar, list, mapping
}

extension Decoder {
  /// What stands at this place, for types that more than one shape can describe.
  package var shape: Shape {
    switch (self as? NodeDecoder)?.node.content {
    case .sequence: .list
    case .mapping: .mapping
    case .scalar, nil: .scalar
    }
  }

  /// Where the value at this place begins.
  var mark: Mark { (self as? NodeDecoder)?.node.mark ?? Mark(line: 1, column: 1) }
}
