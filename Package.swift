// swift-tools-version: 6.2

import PackageDescription

// Targets in the order in which data flows: bytes → lines → records → facts → rows → results → text.
// A target imports only earlier steps; siblings of one step never import each other.

let linksSQLite: [LinkerSetting] = [.linkedLibrary("sqlite3")]

let package = Package(
  name: "logbook",
  products: [
    .executable(name: "logbook", targets: ["logbook"]),
    // `make extension` calls it liblogbook.so: a product cannot have the name of another one.
    .library(name: "LoadableExtension", type: .dynamic, targets: ["LoadableExtension"]),
    // For the package in `Fuzz`, which wraps a fuzzer around it.
    .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
  ],
  targets: [
    // System libraries
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CBytes"),
    // Programs link it (`linksSQLite`); an extension finds it where it is loaded.
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),

    // No domain word in these
    .target(name: "SQLite", dependencies: ["CSQLite"]),
    .target(name: "Deflate", dependencies: ["CDeflate", "CISAL"]),
    .target(name: "RegularExpressions", dependencies: ["CPCRE2"]),
    .target(name: "YAML", dependencies: ["CYAML"]),
    .target(name: "ArgumentParsing"),

    // The nouns
    .target(name: "LogModel"),

    // Bytes → lines → records
    .target(
      name: "Tailing", dependencies: ["CBytes", "CLinux", "CDeflate", "CZlib", "CZstd", "LogModel"]),
    .target(name: "JSON", dependencies: ["CBytes"]),
    .target(name: "Formats", dependencies: ["LogModel", "JSON"]),
    .target(name: "Collecting", dependencies: ["CLinux", "LogModel"]),

    // Records → facts
    .target(name: "Extraction", dependencies: ["CLinux", "LogModel", "JSON"]),
    .target(name: "Patterns", dependencies: ["LogModel"]),
    .target(name: "Errors", dependencies: ["JSON", "LogModel"]),
    .target(
      name: "Metrics",
      dependencies: ["JSON", "LogModel", "Formats", "RegularExpressions", "Tailing"]),

    // Counts → findings
    .target(name: "Anomalies"),

    // Records → records without what must not be stored
    .target(name: "Redaction", dependencies: ["JSON", "LogModel", "RegularExpressions"]),

    // Facts → money
    .target(
      name: "Pricing", dependencies: ["LogModel"], resources: [.embedInCode("prices.csv")]),

    // Records → rows
    .target(
      name: "LineStore",
      dependencies: [
        "CBytes", "CDeflate", "CLinux", "Deflate", "SQLite", "LogModel", "Patterns",
      ]),
    .target(
      name: "Migrations", path: "migrations",
      resources: [
        .embedInCode("v0001_lines.sql"), .embedInCode("v0002_sessions.sql"),
        .embedInCode("v0003_errors.sql"),
        .embedInCode("v0004_metrics.sql"),
        .embedInCode("v0005_retention.sql"),
      ]),
    .target(
      name: "Storage",
      dependencies: ["CLinux", "Deflate", "SQLite", "LogModel", "Migrations", "Pricing"]),
    .target(name: "Configuration", dependencies: ["YAML"]),

    // Rows → facts, once more
    .target(
      name: "Recomputation",
      dependencies: [
        "JSON", "LogModel", "Formats", "Extraction", "Errors", "Metrics", "Redaction", "LineStore",
        "Storage", "SQLite",
      ]),
    .target(
      name: "Ingestion",
      dependencies: [
        "Collecting", "LogModel", "Tailing", "JSON", "Formats", "Extraction", "Errors", "Metrics",
        "Recomputation", "Redaction", "LineStore", "Storage", "SQLite",
      ]),

    // Rows → rows
    .target(
      name: "Retention",
      dependencies: [
        "LogModel", "Extraction", "Redaction", "Patterns", "LineStore", "Recomputation", "Storage",
        "SQLite",
      ]),

    // Rows → findings
    .target(
      name: "Verification",
      dependencies: [
        "Deflate", "Extraction", "LogModel", "Metrics", "Patterns", "LineStore", "Pricing",
        "Recomputation", "Storage", "SQLite", "Tailing",
      ]),

    // Rows → results → text
    .target(
      name: "Querying",
      dependencies: ["LogModel", "SQLite", "RegularExpressions"]),
    .target(name: "LogAccess", dependencies: ["Formats", "LineStore", "Querying", "SQLite"]),
    .target(name: "Reporting", dependencies: ["CBytes", "LogModel"]),

    // For `.load` into other programs
    .target(name: "CExtension", exclude: ["exports.map"]),
    .target(
      name: "LoadableExtension", dependencies: ["CExtension", "LogAccess", "SQLite", "Storage"],
      linkerSettings: [
        .unsafeFlags([
          "-static-stdlib",
          // SQLite is the loading program's own: a call that has no route is an error.
          "-Xlinker", "-z", "-Xlinker", "defs",
          // Swift's run-time library cannot be unloaded.
          "-Xlinker", "-z", "-Xlinker", "nodelete",
          "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/CExtension/exports.map",
        ])
      ]),

    // The command line
    .executableTarget(
      name: "logbook",
      dependencies: [
        "Anomalies", "ArgumentParsing", "CLinux", "Collecting", "Configuration", "Errors",
        "Formats", "Ingestion",
        "LineStore",
        "LogAccess", "LogModel", "Metrics", "Migrations", "Patterns", "Pricing", "Querying",
        "Recomputation", "Redaction",
        "RegularExpressions", "Reporting", "Retention",
        "SQLite",
        "Storage",
        "Tailing", "Verification",
      ], linkerSettings: linksSQLite),

    // Tests
    .target(name: "TestSupport", path: "Tests/TestSupport", linkerSettings: linksSQLite),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "CDeflate", "CZstd", "Configuration", "Deflate", "Errors", "Extraction", "Formats", "JSON",
        "LineStore",
        "LogModel", "Metrics", "Migrations", "Patterns", "Querying", "Redaction",
        "RegularExpressions", "SQLite", "Tailing",
      ], path: "Fuzz/Targets", linkerSettings: linksSQLite),
    .testTarget(name: "FuzzTargetsTests", dependencies: ["FuzzTargets", "TestSupport"]),
    .testTarget(name: "DeflateTests", dependencies: ["Deflate", "TestSupport"]),
    .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "TestSupport"]),
    .testTarget(
      name: "RegularExpressionsTests", dependencies: ["RegularExpressions", "TestSupport"]),
    .testTarget(name: "YAMLTests", dependencies: ["YAML", "TestSupport"]),
    .testTarget(name: "ArgumentParsingTests", dependencies: ["ArgumentParsing", "TestSupport"]),
    .testTarget(name: "LogModelTests", dependencies: ["LogModel", "TestSupport"]),
    .testTarget(name: "TailingTests", dependencies: ["Tailing", "LogModel", "TestSupport"]),
    .testTarget(
      name: "RedactionTests",
      dependencies: ["Redaction", "JSON", "LogModel", "RegularExpressions", "TestSupport"]),
    .testTarget(
      name: "CollectingTests",
      dependencies: ["Collecting", "Ingestion", "LogModel", "Storage", "TestSupport"]),
    .testTarget(name: "FormatsTests", dependencies: ["Formats", "LogModel", "TestSupport"]),
    .testTarget(name: "AnomaliesTests", dependencies: ["Anomalies", "TestSupport"]),
    .testTarget(
      name: "MetricsTests", dependencies: ["Metrics", "Formats", "LogModel", "TestSupport"]),
    .testTarget(name: "PatternsTests", dependencies: ["Patterns", "TestSupport"]),
    .testTarget(
      name: "ErrorsTests", dependencies: ["Errors", "Formats", "LogModel", "TestSupport"]),
    .testTarget(name: "PricingTests", dependencies: ["Pricing", "LogModel", "TestSupport"]),
    .testTarget(
      name: "ExtractionTests", dependencies: ["Extraction", "LogModel", "TestSupport"]),
    .testTarget(
      name: "LineStoreTests",
      dependencies: ["Deflate", "LineStore", "LogModel", "Querying", "SQLite", "TestSupport"]),
    .testTarget(
      name: "StorageTests",
      dependencies: ["Storage", "LogModel", "Migrations", "Pricing", "SQLite", "TestSupport"]),
    .testTarget(
      name: "VerificationTests",
      dependencies: [
        "Verification", "Deflate", "LineStore", "Recomputation", "Storage", "SQLite", "LogModel",
        "Tailing",
        "TestSupport",
      ]),
    .testTarget(name: "ConfigurationTests", dependencies: ["Configuration", "TestSupport"]),
    .testTarget(
      name: "QueryingTests",
      dependencies: ["Querying", "LogModel", "Pricing", "SQLite", "Storage", "TestSupport"]),
    .testTarget(name: "ReportingTests", dependencies: ["Reporting", "LogModel", "TestSupport"]),
    .testTarget(
      name: "AcceptanceTests",
      dependencies: ["logbook", "Deflate", "LineStore", "SQLite", "TestSupport"],
      exclude: ["Hosts", "Transcripts"]),
  ]
)

for target in package.targets where target.type != .system && target.name != "CExtension" {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
  ]
}
