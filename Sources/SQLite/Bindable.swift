/// What can be bound to a parameter.
package protocol Bindable {
  func bind(to statement: inout Statement, at index: Int32) throws(SQLiteError)
}

extension Int: Bindable {
  package func bind(to statement: inout Statement, at index: Int32) throws(SQLiteError) {
    try statement.bind(index, self)
  }
}

extension Int64: Bindable {
  package func bind(to statement: inout Statement, at index: Int32) throws(SQLiteError) {
    try statement.bind(index, self)
  }
}

extension Bool: Bindable {
  package func bind(to statement: inout Statement, at index: Int32) throws(SQLiteError) {
    try statement.bind(index, self)
  }
}

extension Double: Bindable {
  package func bind(to statement: inout Statement, at index: Int32) throws(SQLiteError) {
    try statement.bind(index, self)
  }
}

extension String: Bindable {
  package func bind(to statement: inout Statement, at index: Int32) throws(SQLiteError) {
    try statement.bind(index, self)
  }
}

/// As a blob.
extension [UInt8]: Bindable {
  package func bind(to statement: inout Statement, at index: Int32) throws(SQLiteError) {
    try statement.bind(index, blob: span)
  }
}

/// Nil is NULL.
extension Optional: Bindable where Wrapped: Bindable {
  package func bind(to statement: inout Statement, at index: Int32) throws(SQLiteError) {
    if let self {
      try self.bind(to: &statement, at: index)
    } else {
      try statement.bind(null: index)
    }
  }
}
