// SPDX-License-Identifier: MIT

/// Ways to write a path that leads out of a directory.
enum TraversalSpellings {
    /// Goals outside the thumbnail directory, relative to it.
    private static let goals = [
        "canary.jpg", "afterimage.sqlite", "../canary.jpg", "../../../../../../../../etc/passwd",
    ]

    /// For `thumbnail_path`.
    static let inBody: [String] = goals.flatMap { goal in
        [
            "../\(goal)", "2026-05-14/../../\(goal)", "/api/v1/thumbnails/../\(goal)",
            "thumbnails/../\(goal)",
            "./../\(goal)", "..\\\(goal)", "%2e%2e/\(goal)", "..%2f\(goal)", "%252e%252e%252f\(goal)",
            "..%c0%af\(goal)", "....//\(goal)", "..;/\(goal)", "\u{0}../\(goal)",
            "2026-05-14/x.jpg\u{0}/../../\(goal)",
            "．．/\(goal)", "../\(goal)\u{0}.jpg", "2026-05-14//../../\(goal)", "/\(goal)", "//\(goal)",
            "~/\(goal)",
            "file:///\(goal)", "..//\(goal)", "link/\(goal)", "2026-05-14/link.jpg",
            "2026-05-14/folder/\(goal)",
            " ../\(goal)", "../\(goal) ", "thumbnails/thumbnails/../../\(goal)",
        ]
    }

    /// Request targets.
    static let inPath: [String] = goals.flatMap { goal in
        let escaped = goal.replacing("/", with: "%2f")
        return [
            "/api/v1/thumbnails/../\(goal)", "/api/v1/thumbnails/2026-05-14/../../\(goal)",
            "/api/v1/thumbnails/%2e%2e/\(goal)", "/api/v1/thumbnails/..%2f\(escaped)/x",
            "/api/v1/thumbnails/2026-05-14/..%2f..%2f\(escaped)", "/api/v1/thumbnails/..%5c\(escaped)/x",
            "/api/v1/thumbnails/%252e%252e/\(escaped)", "/api/v1/thumbnails/%c0%ae%c0%ae/\(escaped)",
            "/api/v1/thumbnails/2026-05-14/%00\(escaped)", "/api/v1/thumbnails/2026-05-14/x.jpg%00",
            "/api/v1/thumbnails/./\(goal)", "/api/v1/thumbnails//\(goal)",
            "/api/v1/thumbnails/%2e/\(escaped)",
            "/api/v1/thumbnails/%ff/%fe", "/api/v1/thumbnails/2026-05-14/link.jpg",
            "/api/v1/thumbnails/2026-05-14/folder%2f\(escaped)", "/api/v1/thumbnails/folder/\(escaped)",
            "/api/v1/thumbnails/2026-05-14/pipe.jpg", "/api/v1/thumbnails/2026-05-14/.hidden.jpg",
            "/api/v1/../../\(goal)", "/../\(goal)", "/%2e%2e/\(escaped)", "//etc/passwd", "/etc/passwd",
            "/api/v1/thumbnails/%2fetc/passwd", "/api/v1/thumbnails/2026-05-14/~",
            "/api/v1/thumbnails/" + String(repeating: "a", count: 3000) + "/b",
        ]
    }

    /// Single path segments.
    static let segments: [String] = [
        "%00", "%ff", "..", "%2e%2e", "%", "%zz", "%2F", "*", "'", "%22", "%3Cscript%3E", "-1", "null",
        "5b0d2c3e-6a0b-4a53-9a2e-1d5a4b0f7c11%00", "5B0D2C3E-6A0B-4A53-9A2E-1D5A4B0F7C11",
        "5b0d2c3e6a0b4a539a2e1d5a4b0f7c11", String(repeating: "a", count: 6000), "%F0%9F%90%88",
        "%0d%0aX-A:%20b",
        "a%0a", "stats", "batch", "%20", "a+b", "{id}", "undefined",
    ]
}
