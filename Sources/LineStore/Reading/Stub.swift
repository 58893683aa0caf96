package import SQLite
package func registerStoreFunctions(on db: borrowing Connection) throws(SQLiteError) {}
package enum LogTable { package static func install(on db: borrowing Connection, attributes: @escaping (String?, Span<UInt8>) -> String) throws(SQLiteError) {} }
