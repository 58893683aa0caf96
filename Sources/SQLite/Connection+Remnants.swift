internal import CSQLite

// What is in the file beside rows: where SQLite shares rows out among pages anew, it leaves them as they were
// in the free bytes of these pages, also with `secure_delete`.

extension Connection {
  /// Fills the free bytes of pages with zeros; false where there is no such group of pages.
  ///
  /// A group is the pages whose kinds one page tells, up to 819; a database without `auto_vacuum` has none, and
  /// one whose write-ahead log is not empty is left as it is. The caller holds off writers by a transaction in which
  /// it has written nothing. Pages that connections hold in memory are as they were until the next change.
  package func clearRemnants(inGroup group: Int) throws(SQLiteError) -> Bool {
    guard let file = try unsafe openFile(SQLITE_FCNTL_FILE_POINTER),
      try unsafe size(of: openFile(SQLITE_FCNTL_JOURNAL_POINTER)) == 0
    else { return false }
    let size = try unsafe size(of: file)
    var page = [UInt8](repeating: 0, count: PageRemnants.pageSize)
    guard size >= Int64(page.count) else { return false }
    try unsafe read(file, &page, 1)
    guard let remnants = PageRemnants(header: page) else { return false }
    let map = PageRemnants.pagesOfGroup * group + 2
    let last = Int(size) / page.count
    guard map <= last else { return false }
    if group == 0 { try unsafe clear(file, &page, 1, remnants) }
    var kinds = page
    try unsafe read(file, &kinds, map)
    for number in map + 1..<max(map + 1, min(last + 1, map + PageRemnants.pagesOfGroup))
    where PageRemnants.holdsRows(kinds, number - map - 1) {
      try unsafe read(file, &page, number)
      try unsafe clear(file, &page, number, remnants)
    }
    return true
  }

  private func clear(
    _ file: UnsafeMutablePointer<sqlite3_file>, _ page: inout [UInt8], _ number: Int,
    _ remnants: PageRemnants
  ) throws(SQLiteError) {
    for range in remnants.ranges(page, isFirst: number == 1)
    where page[range].contains(where: { $0 != 0 }) {
      let zeros = [UInt8](repeating: 0, count: range.count)
      let start = Int64(number - 1) * Int64(page.count) + Int64(range.lowerBound)
      let status = unsafe file.pointee.pMethods.pointee.xWrite(
        file, zeros, Int32(zeros.count), start)
      guard status == SQLITE_OK else { throw unsafe SQLiteError(latestOf: core.raw) }
    }
  }

  private func read(
    _ file: UnsafeMutablePointer<sqlite3_file>, _ page: inout [UInt8], _ number: Int
  ) throws(SQLiteError) {
    let status = unsafe file.pointee.pMethods.pointee.xRead(
      file, &page, Int32(page.count), Int64(number - 1) * Int64(page.count))
    guard status == SQLITE_OK else { throw unsafe SQLiteError(latestOf: core.raw) }
  }

  /// 0 for a file that is not open.
  private func size(of file: UnsafeMutablePointer<sqlite3_file>?) throws(SQLiteError) -> Int64 {
    guard let file = unsafe file, unsafe file.pointee.pMethods != nil else { return 0 }
    var size: Int64 = 0
    guard unsafe file.pointee.pMethods.pointee.xFileSize(file, &size) == SQLITE_OK else {
      throw unsafe SQLiteError(latestOf: core.raw)
    }
    return size
  }

  private func openFile(_ which: Int32) throws(SQLiteError) -> UnsafeMutablePointer<sqlite3_file>? {
    var file: UnsafeMutablePointer<sqlite3_file>?
    guard unsafe sqlite3_file_control(core.raw, "main", which, &file) == SQLITE_OK else {
      throw unsafe SQLiteError(latestOf: core.raw)
    }
    return unsafe file
  }
}

/// Where in a page of rows no row is (the file format's sections 1.6 and 1.8).
private struct PageRemnants {
  static let pageSize = 4096
  /// The page that tells the kinds, and those whose kinds it tells.
  static let pagesOfGroup = pageSize / 5 + 1

  /// Nil where pages are of another size, or nothing tells their kinds.
  init?(header: [UInt8]) {
    let size = Int(header[16]) << 8 | Int(header[17])
    guard size == Self.pageSize, header[20] == 0, header[52..<56].contains(where: { $0 != 0 })
    else { return nil }
  }

  /// Whether the page at `index` of a group is a root or a page of a tree.
  static func holdsRows(_ kinds: [UInt8], _ index: Int) -> Bool {
    kinds[5 * index] == 1 || kinds[5 * index] == 5
  }

  func ranges(_ page: [UInt8], isFirst: Bool) -> [Range<Int>] {
    func number(_ index: Int) -> Int { Int(page[index]) << 8 | Int(page[index + 1]) }
    let start = isFirst ? 100 : 0
    let header: Int
    switch page[start] {
    case 2, 5: header = 12
    case 10, 13: header = 8
    default: return []
    }
    let pointersEnd = start + header + 2 * number(start + 3)
    let cells = number(start + 5)
    guard pointersEnd <= cells, cells <= page.count else { return [] }
    var ranges = [pointersEnd..<cells]
    // A free block begins with where the next one does, and its length.
    var block = number(start + 1)
    while block >= cells, block + 4 <= page.count {
      let length = number(block + 2)
      guard length >= 4, block + length <= page.count else { break }
      ranges.append(block + 4..<block + length)
      let next = number(block)
      guard next > block else { break }
      block = next
    }
    return ranges
  }
}
