extension Statement {
  /// Binds the values to the parameters from 1 on.
  @_lifetime(self: copy self)
  package mutating func bind<each Value: Bindable>(
    values: repeat each Value
  ) throws(SQLiteError) {
    var index: Int32 = 0
    for value in repeat each values {
      index += 1
      try value.bind(to: &self, at: index)
    }
  }
}

extension Connection {
  /// Runs one statement with these parameters and discards its rows.
  package func run<each Value: Bindable>(
    _ sql: String, _ values: repeat each Value
  ) throws(SQLiteError) {
    var statement = try prepare(sql)
    try statement.bind(values: repeat each values)
    try statement.run()
  }

  /// The first column of the first row; nil where there is no row, or NULL.
  package func integer<each Value: Bindable>(
    _ sql: String, _ values: repeat each Value
  ) throws(SQLiteError) -> Int64? {
    var statement = try prepare(sql)
    try statement.bind(values: repeat each values)
    return try statement.step() ? statement.optionalInteger(0) : nil
  }

  /// The first column of the first row; nil where there is no row, or NULL.
  package func text<each Value: Bindable>(
    _ sql: String, _ values: repeat each Value
  ) throws(SQLiteError) -> String? {
    var statement = try prepare(sql)
    try statement.bind(values: repeat each values)
    return try statement.step() ? statement.optionalText(0) : nil
  }
}
