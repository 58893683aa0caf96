import Formats
import LogModel
import SQLite
package import Storage

/// Lines that programs gave, as something to read.
package enum EmittedLines {
  /// The format of the lines, where their source has none yet.
  package static let format = "json"
  /// What one request reads at most, so that it is stored in one transaction.
  private static let maxBytes = 512 << 10

  /// One request for each of their sources, or two: for those in which something was replaced; none where no line
  /// waits.
  package static func requests(
    _ store: borrowing Store
  ) throws(StorageError) -> [IngestRequest] {
    try store.wrap { db throws(SQLiteError) in
      var requests: [IngestRequest] = []
      for line in try EmittedTable().first(bytes: maxBytes, in: db) {
        if let place = requests.firstIndex(where: {
          $0.source == line.source && $0.emitted?.isMarked == line.isMarked
        }) {
          requests[place].emitted?.add(line)
          continue
        }
        var request = IngestRequest(source: line.source, paths: [standardInput])
        let source = try SourceTable().row(name: line.source, in: db)
        request.format = source?.format ?? format
        request.multiline = .none
        var emitted = IngestRequest.Emitted(isMarked: line.isMarked)
        emitted.add(line)
        request.emitted = emitted
        requests.append(request)
      }
      return requests
    }
  }
}

extension IngestRequest {
  /// Lines that are read instead of standard input, and are no longer waiting then.
  package struct Emitted {
    /// Something in each of the lines was replaced: a hash in it is not hashed once more.
    let isMarked: Bool
    var text: [UInt8] = []
    var ids: [Int64] = []

    mutating func add(_ line: EmittedTable.Line) {
      text += Array(line.text.utf8) + [0x0A]
      ids.append(line.id)
    }
  }
}
