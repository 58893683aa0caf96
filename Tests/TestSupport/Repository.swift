import Glibc

/// Where this checkout and the shared test data are.
package enum Repository {
  /// The folder of `Package.swift`, found upwards from this source file.
  package static let root: String = {
    var parts = #filePath.split(separator: "/")
    parts.removeLast(3)
    return "/" + parts.joined(separator: "/")
  }()

  /// The folder of test data that is not part of the project, or nil where it is absent.
  package static let data: String? = {
    let folder = root + "/../shared/data"
    return unsafe access(folder, R_OK) == 0 ? folder : nil
  }()
}
