/// A line's id: the source and the line's number in it, which never change and are never reused.
package enum LineIdentifier {
  package static let numberBits: Int64 = 36

  package static func make(source: Int64, number: Int64) -> Int64 { source << numberBits | number }

  package static func source(of id: Int64) -> Int64 { id >> numberBits }
}
