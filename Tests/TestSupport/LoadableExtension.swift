import Glibc

/// The library that other programs load.
package enum LoadableExtension {
  /// `$LOGBOOK_EXTENSION`, else the one that was built beside the running test executable.
  package static let path: String = {
    if let named = unsafe getenv("LOGBOOK_EXTENSION") { return unsafe String(cString: named) }
    let folder = Logbook.binary.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 }
    return folder + "/libLoadableExtension.so"
  }()

  /// Where programs that are told only its name look for it.
  package static var folder: String {
    path.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 }
  }

  /// Its entry point, whatever the file is called.
  package static let entry = "sqlite3_logbook_init"
}
