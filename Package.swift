// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT
import PackageDescription

let settings: [SwiftSetting] = [
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0458-strict-memory-safety.md
    .strictMemorySafety(),
]

let package = Package(
    name: "afterimage",
    products: [
        .library(name: "CLIP", targets: ["CLIP", "Imaging"]),
        // With the modules whose types its errors and options are made of.
        .library(name: "EmbeddingService", targets: ["EmbeddingService", "Embeddings", "Imaging", "CLIP"]),
        .executable(name: "afterimage", targets: ["afterimage"]),
        .executable(name: "afterimage-bench", targets: ["afterimage-bench"]),
    ],
    dependencies: [
        // Subcommands, option parsing and help texts of the two programs.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        // File paths and descriptors with typed errors.
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        // SHA-256 of weights.
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        // HTTPS downloads of weights.
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        // The hostile HTTP server that the download tests run against.
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    ],
    targets: [
        // The order is the way of the data; a target may only depend on targets above it.
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .target(
            name: "CImageCodecs",
            linkerSettings: [
                .linkedLibrary("jpeg"), .linkedLibrary("z"), .linkedLibrary("webp"),
                .linkedLibrary("webpdemux"),
            ]),
        .target(name: "CVectorKernels"),
        .target(
            name: "Tensors",
            dependencies: [
                "COpenBLAS", "CVectorKernels", .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(
            name: "Checkpoints",
            dependencies: [
                "Tensors",
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Imaging",
            dependencies: ["CImageCodecs"]),
        .target(name: "SampleScenes", dependencies: ["Imaging"]),
        .target(
            name: "CLIP",
            dependencies: [
                "Tensors", "Checkpoints", "Imaging",
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(name: "Embeddings"),
        .target(
            name: "EmbeddingService",
            dependencies: [
                "Tensors", "Checkpoints", "Imaging", "CLIP", "Embeddings",
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(
            name: "WeightsFetching",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .executableTarget(
            name: "afterimage",
            dependencies: [
                "Tensors", "Checkpoints", "Imaging", "SampleScenes", "CLIP", "Embeddings", "EmbeddingService",
                "WeightsFetching",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .executableTarget(
            name: "afterimage-bench",
            dependencies: [
                "Tensors", "Checkpoints", "Imaging", "SampleScenes", "CLIP", "Embeddings", "EmbeddingService",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Benchmarks/afterimage-bench"),

        .target(
            name: "TestSupport",
            dependencies: [
                "Tensors", "Checkpoints", "Imaging", "CLIP",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/TestSupport"),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"]),
        .testTarget(
            name: "CheckpointsTests",
            dependencies: [
                "Checkpoints", "Tensors", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ImagingTests",
            dependencies: [
                "Imaging", "SampleScenes", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "SampleScenesTests",
            dependencies: ["SampleScenes", "Imaging", .product(name: "Crypto", package: "swift-crypto")]),
        .testTarget(
            name: "CLIPTests",
            dependencies: [
                "CLIP", "Checkpoints", "Imaging", "Tensors", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "EmbeddingServiceTests",
            dependencies: [
                "EmbeddingService", "Embeddings", "Imaging", "SampleScenes", "Checkpoints", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .testTarget(
            name: "WeightsFetchingTests",
            dependencies: [
                "WeightsFetching",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "afterimage", "afterimage-bench", "Imaging", "SampleScenes", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Snapshots"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
    // Each module says in its folder what goes in and what comes out.
    if target.path == nil, target.type != .test { target.exclude.append("README.md") }
}
