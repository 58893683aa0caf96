/// The schema's history, oldest first.
package enum Migrations {
  /// Name and SQL text of every step.
  package static let all: [(name: String, sql: String)] = [
    ("v0001_lines", String(decoding: PackageResources.v0001_lines_sql, as: UTF8.self)),
    ("v0002_sessions", String(decoding: PackageResources.v0002_sessions_sql, as: UTF8.self)),
    ("v0003_errors", String(decoding: PackageResources.v0003_errors_sql, as: UTF8.self)),
    ("v0004_metrics", String(decoding: PackageResources.v0004_metrics_sql, as: UTF8.self)),
    ("v0005_retention", String(decoding: PackageResources.v0005_retention_sql, as: UTF8.self)),
  ]
}
