// swift-tools-version: 6.2

import PackageDescription

// Not shipped: what writes the inputs of the benchmarks.
let package = Package(
  name: "Benchmarks",
  targets: [
    .executableTarget(
      name: "generate",
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
      ])
  ]
)
