// swift-tools-version: 6.2

import PackageDescription

// Not shipped: libFuzzer around the entry points in `Targets`. Built by `make fuzz`, with the
// sanitizers for every module; without them there is nothing that defines `main`.
let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "logbook", path: "..")],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [.product(name: "FuzzTargets", package: "logbook")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
      ])
  ]
)
