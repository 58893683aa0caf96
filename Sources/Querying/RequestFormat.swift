/// The formats whose lines are requests, by their names; their fields have names of their own.
package enum RequestFormat: String, Sendable, CaseIterable {
  case access, higress
}
