/// The rows of a chunk, by their index.
struct IndexedRows: Sendable {
  struct Row: Sendable {
    /// In units after the chunk's earliest time, and never negative.
    var offset: Int64 = 0
    /// 0 for a row that was dropped.
    var template: Int64 = 0
    /// Where in `text` its parameters stand.
    var start: Int32 = 0
    var end: Int32 = 0
    /// Of a row that was dropped: how many lines of the file its record had.
    var droppedLines: Int64 = 1

    var isDropped: Bool { template == 0 }
    var parameters: Range<Int> { Int(start)..<Int(end) }
  }

  /// The rows' parameters as JSON, one row behind the other, with a comma before each.
  var text: [UInt8] = []
  var rows: [Row] = []
}
