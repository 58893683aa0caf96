extension Damage {
  /// Lines 1 to 600 of app.log, compressed.
  static let sealed: Int64 = 68_719_476_737
  /// Lines 601 to 620, stored as they are.
  static let small = sealed + 600
  /// Line 641.
  static let open = sealed + 640

  static let all = chunks + rows + counts + patterns + places + pages
}
