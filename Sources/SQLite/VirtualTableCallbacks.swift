internal import CSQLite

// SQLite calls plain C functions with its own structures; each structure of `shim.h` carries the
// Swift object behind it. On the path of every row (next, column, end, row id) nothing is
// allocated.

final class ModuleBox {
  let module: any VirtualTableModule
  init(_ module: any VirtualTableModule) { self.module = module }
}

/// Gives a cursor, whose class only its module knows, one address.
private final class CursorBox {
  let cursor: any VirtualTableCursor
  init(_ cursor: any VirtualTableCursor) { self.cursor = cursor }
}

/// The one `sqlite3_module`; which module is meant comes with each call.
///
/// `xCreate` and `xConnect` being the same is what makes a table exist without CREATE.
nonisolated(unsafe) let virtualTableCallbacks: UnsafeMutablePointer<sqlite3_module> = {
  let callbacks = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
  var module = sqlite3_module()
  module.iVersion = 1
  unsafe module.xCreate = connect
  unsafe module.xConnect = connect
  unsafe module.xBestIndex = chooseIndex
  unsafe module.xDisconnect = disconnect
  unsafe module.xDestroy = disconnect
  unsafe module.xOpen = open
  unsafe module.xClose = close
  unsafe module.xFilter = filter
  unsafe module.xNext = next
  unsafe module.xEof = isAtEnd
  unsafe module.xColumn = column
  unsafe module.xRowid = rowID
  unsafe callbacks.initialize(to: module)
  return unsafe callbacks
}()

private typealias Table = UnsafeMutablePointer<sqlite3_vtab>
private typealias Cursor = UnsafeMutablePointer<sqlite3_vtab_cursor>

private func connect(
  _ database: OpaquePointer?, _ module: UnsafeMutableRawPointer?, _ count: Int32,
  _ words: UnsafePointer<UnsafePointer<CChar>?>?,
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  guard let module = unsafe module, let result = unsafe result else { return SQLITE_MISUSE }
  let box = unsafe Unmanaged<ModuleBox>.fromOpaque(module).takeUnretainedValue()
  let status = unsafe sqlite3_declare_vtab(database, box.module.declaration)
  guard status == SQLITE_OK else {
    unsafe message?.pointee = unsafe allocatedMessage(String(cString: sqlite3_errmsg(database)))
    return status
  }
  guard let memory = unsafe sqlite3_malloc64(UInt64(MemoryLayout<logbook_table>.size)) else {
    return SQLITE_NOMEM
  }
  let table = unsafe memory.bindMemory(to: logbook_table.self, capacity: 1)
  unsafe table.initialize(to: logbook_table())
  unsafe table.pointee.object = unsafe Unmanaged.passRetained(box).toOpaque()
  unsafe result.pointee = unsafe UnsafeMutableRawPointer(table)
    .assumingMemoryBound(to: sqlite3_vtab.self)
  return SQLITE_OK
}

private func disconnect(_ table: Table?) -> Int32 {
  guard let table = unsafe table else { return SQLITE_MISUSE }
  unsafe releaseObject(tableStructure(table).pointee.object)
  unsafe sqlite3_free(table)
  return SQLITE_OK
}

private func chooseIndex(
  _ table: Table?, _ info: UnsafeMutablePointer<sqlite3_index_info>?
) -> Int32 {
  guard let table = unsafe table, let info = unsafe info else { return SQLITE_MISUSE }
  var plan = unsafe IndexPlan(info)
  do {
    guard try unsafe module(of: table).bestIndex(&plan) else { return SQLITE_CONSTRAINT }
    return plan.write() ? SQLITE_OK : SQLITE_NOMEM
  } catch { return unsafe report(error, on: table) }
}

private func open(
  _ table: Table?, _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
) -> Int32 {
  guard let table = unsafe table, let result = unsafe result else { return SQLITE_MISUSE }
  do {
    let cursor = try unsafe module(of: table).makeCursor()
    guard let memory = unsafe sqlite3_malloc64(UInt64(MemoryLayout<logbook_cursor>.size)) else {
      return SQLITE_NOMEM
    }
    let structure = unsafe memory.bindMemory(to: logbook_cursor.self, capacity: 1)
    unsafe structure.initialize(to: logbook_cursor())
    unsafe structure.pointee.object = unsafe Unmanaged.passRetained(CursorBox(cursor)).toOpaque()
    unsafe result.pointee = unsafe UnsafeMutableRawPointer(structure)
      .assumingMemoryBound(to: sqlite3_vtab_cursor.self)
    return SQLITE_OK
  } catch { return unsafe report(error, on: table) }
}

private func close(_ cursor: Cursor?) -> Int32 {
  guard let cursor = unsafe cursor else { return SQLITE_MISUSE }
  unsafe box(of: cursor).release()
  unsafe sqlite3_free(cursor)
  return SQLITE_OK
}

private func filter(
  _ cursor: Cursor?, _ number: Int32, _ text: UnsafePointer<CChar>?, _ count: Int32,
  _ values: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  guard let cursor = unsafe cursor else { return SQLITE_MISUSE }
  do {
    let text = unsafe text.map { unsafe String(cString: $0) } ?? ""
    try unsafe box(of: cursor)._withUnsafeGuaranteedRef {
      try unsafe $0.cursor.filter(
        planNumber: number, planText: text,
        arguments: FunctionArguments(count: count, values: values))
    }
    return SQLITE_OK
  } catch { return unsafe report(error, on: cursor.pointee.pVtab) }
}

private func next(_ cursor: Cursor?) -> Int32 {
  guard let cursor = unsafe cursor else { return SQLITE_MISUSE }
  do {
    try unsafe box(of: cursor)._withUnsafeGuaranteedRef { try $0.cursor.next() }
    return SQLITE_OK
  } catch { return unsafe report(error, on: cursor.pointee.pVtab) }
}

private func isAtEnd(_ cursor: Cursor?) -> Int32 {
  guard let cursor = unsafe cursor else { return 1 }
  return unsafe box(of: cursor)._withUnsafeGuaranteedRef { $0.cursor.isAtEnd } ? 1 : 0
}

private func column(_ cursor: Cursor?, _ context: OpaquePointer?, _ index: Int32) -> Int32 {
  guard let cursor = unsafe cursor else { return SQLITE_MISUSE }
  let result = unsafe FunctionResult(context: context)
  do {
    try unsafe box(of: cursor)._withUnsafeGuaranteedRef {
      try $0.cursor.column(index, into: result)
    }
    return SQLITE_OK
  } catch {
    // The message goes by the result: SQLite reads none from the table after this call.
    let failure = CallbackFailure(error)
    result.set(error: failure.message, code: failure.code)
    return failure.code
  }
}

private func rowID(_ cursor: Cursor?, _ result: UnsafeMutablePointer<sqlite3_int64>?) -> Int32 {
  guard let cursor = unsafe cursor else { return SQLITE_MISUSE }
  unsafe result?.pointee = unsafe box(of: cursor)._withUnsafeGuaranteedRef { $0.cursor.rowID }
  return SQLITE_OK
}

private func tableStructure(_ table: Table) -> UnsafeMutablePointer<logbook_table> {
  unsafe UnsafeMutableRawPointer(table).assumingMemoryBound(to: logbook_table.self)
}

private func module(of table: Table) -> any VirtualTableModule {
  unsafe Unmanaged<ModuleBox>.fromOpaque(tableStructure(table).pointee.object)
    .takeUnretainedValue().module
}

private func box(of cursor: Cursor) -> Unmanaged<CursorBox> {
  let structure = unsafe UnsafeMutableRawPointer(cursor)
    .assumingMemoryBound(to: logbook_cursor.self)
  return unsafe Unmanaged.fromOpaque(structure.pointee.object)
}

private func report(_ error: any Error, on table: Table?) -> Int32 {
  let failure = CallbackFailure(error)
  if let table = unsafe table {
    unsafe sqlite3_free(table.pointee.zErrMsg)
    unsafe table.pointee.zErrMsg = unsafe allocatedMessage(failure.message)
  }
  return failure.code
}
