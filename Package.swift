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
        .library(name: "EventStorage", targets: ["EventStorage", "Embeddings"]),
        .library(name: "TemporalContext", targets: ["TemporalContext", "EventStorage", "Embeddings"]),
        .library(
            name: "EventServer",
            targets: [
                "EventServer", "EventProcessing", "TemporalContext", "EventStorage", "EmbeddingService",
            ]),
        .executable(name: "afterimage", targets: ["afterimage"]),
        .executable(name: "afterimage-bench", targets: ["afterimage-bench"]),
    ],
    dependencies: [
        // Subcommands, option parsing and help texts of the two programs.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        // File paths and descriptors with typed errors.
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        // HTTPS downloads of weights.
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        // Event loops and channels under the server and the tests' hostile peers.
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        // The SQLite database: migrations, connection pool, typed errors.
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        // The HTTP server.
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        // Start order and graceful stop on signals.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        // Structured logs.
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        // The instruments' interface; the registry behind it is our own.
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        // HTTP messages on a channel, in the types of swift-http-types.
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        // HTML from templates.
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        // Request methods, header names and status codes.
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    ],
    targets: [
        // The order is the way of the data; a target may only depend on targets above it.
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
        .target(name: "Digests", dependencies: ["CNettle"]),
        .target(
            name: "CImageCodecs",
            linkerSettings: [
                .linkedLibrary("jpeg"), .linkedLibrary("z"), .linkedLibrary("webp"),
                .linkedLibrary("webpdemux"),
            ]),
        .target(name: "CResampleKernels"),
        .target(name: "CGEMMKernels"),
        .target(name: "CVectorKernels"),
        .target(name: "CSearchKernels"),
        .target(
            name: "Tensors",
            dependencies: [
                "COpenBLAS", "CGEMMKernels", "CVectorKernels", "CSearchKernels",
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(
            name: "Checkpoints",
            dependencies: [
                "Digests", "Tensors",
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(
            name: "Imaging",
            dependencies: ["CImageCodecs", "CResampleKernels"]),
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
        .target(name: "JSONValues"),
        .target(
            name: "PrometheusMetrics",
            dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")]),
        .target(
            name: "EventStorage",
            dependencies: [
                "Embeddings",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(
            name: "TemporalContext",
            dependencies: [
                "Tensors", "Embeddings", "EventStorage",
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(
            name: "EventProcessing",
            dependencies: [
                "Digests", "Imaging", "Embeddings", "EmbeddingService", "PrometheusMetrics", "EventStorage",
                "TemporalContext",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "EventServer",
            dependencies: [
                "Digests", "Imaging", "Embeddings", "EmbeddingService", "JSONValues", "PrometheusMetrics",
                "EventStorage", "TemporalContext", "EventProcessing",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            // Part of the program, so that it stays one file.
            resources: [.embedInCode("Pages/Assets")]),
        .target(
            name: "WeightsFetching",
            dependencies: [
                "Digests",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .executableTarget(
            name: "afterimage",
            dependencies: [
                "Tensors", "Checkpoints", "Imaging", "SampleScenes", "CLIP", "Embeddings", "EmbeddingService",
                "JSONValues", "PrometheusMetrics", "EventStorage", "TemporalContext", "EventProcessing",
                "EventServer",
                "WeightsFetching",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .executableTarget(
            name: "afterimage-bench",
            dependencies: [
                "Tensors", "Checkpoints", "Imaging", "SampleScenes", "CLIP", "Embeddings", "EmbeddingService",
                "EventStorage", "TemporalContext",
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
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .testTarget(name: "DigestsTests", dependencies: ["Digests"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"]),
        .testTarget(
            name: "CheckpointsTests",
            dependencies: [
                "Checkpoints", "Digests", "Tensors", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ImagingTests",
            dependencies: ["Digests", "Imaging", "SampleScenes", "TestSupport"],
            exclude: ["Fixtures", "Sweeps"]),
        .testTarget(
            name: "SampleScenesTests",
            dependencies: ["Digests", "SampleScenes", "Imaging"]),
        .testTarget(
            name: "CLIPTests",
            dependencies: [
                "CLIP", "Checkpoints", "Imaging", "Tensors", "TestSupport", "AllocationCounter",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "EmbeddingServiceTests",
            dependencies: [
                "EmbeddingService", "Embeddings", "Imaging", "SampleScenes", "Checkpoints", "Tensors",
                "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .testTarget(name: "JSONValuesTests", dependencies: ["JSONValues", "TestSupport"]),
        .testTarget(
            name: "PrometheusMetricsTests",
            dependencies: [
                "PrometheusMetrics",
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ]),
        .testTarget(
            name: "EventStorageTests",
            dependencies: [
                "EventStorage", "Embeddings", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .testTarget(
            name: "TemporalContextTests",
            dependencies: [
                "TemporalContext", "Tensors", "Embeddings", "EventStorage", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .testTarget(name: "EventProcessingTests", dependencies: ["EventProcessing", "EventStorage"]),
        .testTarget(
            name: "PageRenderingTests", dependencies: ["EventServer", "EventStorage", "TestSupport"]),
        .testTarget(
            // Runs the program, and imports nothing of the server: the compiler need not wait for it.
            name: "EventServerTests",
            dependencies: [
                "CLIP", "Imaging", "SampleScenes", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .testTarget(
            name: "WeightsFetchingTests",
            dependencies: [
                "Digests", "WeightsFetching",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .testTarget(
            // As above.
            name: "CommandLineTests",
            dependencies: [
                "Imaging", "SampleScenes", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Snapshots"]),
    ],
    swiftLanguageModes: [.v6]
)

// Tests that mostly wait, for a database or a server: optimising them costs minutes and saves none. Only where tools/test
// asks for it, since others cannot depend by version on a package whose manifest names such a flag.
let isForTests = Context.environment["AFTERIMAGE_TEST_UNOPTIMIZED"] != nil
let waitingTests: Set = ["EventServerTests", "EventStorageTests", "WeightsFetchingTests", "CommandLineTests"]

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
    if isForTests, waitingTests.contains(target.name) {
        target.swiftSettings?.append(.unsafeFlags(["-Onone"]))
    }
    // Each module says in its folder what goes in and what comes out.
    if target.path == nil, target.type != .test { target.exclude.append("README.md") }
}
