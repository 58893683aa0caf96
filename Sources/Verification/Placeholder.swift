package import Storage
package struct Check {
  package var name: String; package var isOK: Bool; package var detail: String
}
package enum Verifier { package static func run(_ store: borrowing Store) throws -> [Check] { [] } }
