// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT
import PackageDescription

let package = Package(
    name: "consumer",
    dependencies: [.package(name: "afterimage", path: "../..")],
    targets: [
        .executableTarget(
            name: "consumer",
            dependencies: [.product(name: "EmbeddingService", package: "afterimage")])
    ],
    swiftLanguageModes: [.v6]
)
