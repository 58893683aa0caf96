package import SQLite

/// Reads and writes what a host said when it was last looked at.
package struct HostTable {
  /// A counter as it stood.
  package struct Counter: Sendable, Equatable {
    /// Of the rate that it makes.
    package var metric: String
    /// Such as the name of a disk; empty where there is one only.
    package var label: String
    package var value: Int64
    /// Of which `value` is a part; nil: its rate is by time.
    package var whole: Int64?

    package init(metric: String, label: String, value: Int64, whole: Int64? = nil) {
      self.metric = metric
      self.label = label
      self.value = value
      self.whole = whole
    }
  }

  /// All counters at one time.
  package struct State: Sendable, Equatable {
    /// Microseconds since 1970.
    package var time: Int64
    /// Microseconds since the host was started, if that is known.
    package var uptime: Int64?
    package var counters: [Counter] = []

    package init(time: Int64, uptime: Int64?, counters: [Counter] = []) {
      self.time = time
      self.uptime = uptime
      self.counters = counters
    }
  }

  package init() {}

  package func state(
    source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> State? {
    var host = try db.prepare("SELECT time_us, uptime_us FROM host WHERE source = ?")
    try host.bind(1, source)
    guard try host.step() else { return nil }
    var state = State(time: host.integer(0), uptime: host.optionalInteger(1))
    var row = try db.prepare(
      "SELECT metric, label, value, whole FROM host_counter WHERE source = ?")
    try row.bind(1, source)
    while try row.step() {
      state.counters.append(
        Counter(
          metric: row.text(0), label: row.text(1), value: row.integer(2),
          whole: row.optionalInteger(3)))
    }
    return state
  }

  /// Puts the state in the place of the one before: a counter that is gone and comes back is a new one.
  package func replace(
    _ state: State, source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try remove(source: source, in: db)
    try db.run(
      "INSERT INTO host(source, time_us, uptime_us) VALUES(?, ?, ?)", source, state.time,
      state.uptime)
    var write = try db.prepare(
      "INSERT OR REPLACE INTO host_counter(source, metric, label, value, whole) VALUES(?, ?, ?, ?, ?)"
    )
    for counter in state.counters {
      try write.bind(
        values: source, counter.metric, counter.label, counter.value, counter.whole)
      try write.run()
    }
  }

  package func remove(source: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM host_counter WHERE source = ?", source)
    try db.run("DELETE FROM host WHERE source = ?", source)
  }
}
