// SPDX-License-Identifier: MIT
internal import Foundation
package import SystemPackage

/// Full-size stand-in weights, which `tools/test` synthesizes before it runs the tests.
package enum TestWeights {
    /// The folder named by AFTERIMAGE_TEST_WEIGHTS_DIR; nil without it.
    package static var folder: FilePath? {
        ProcessInfo.processInfo.environment["AFTERIMAGE_TEST_WEIGHTS_DIR"].map { FilePath($0) }
    }

    /// The weights of a profile of `afterimage weights synthesize`, `plain` or `trained-like`.
    package static func path(_ profile: String) -> FilePath? {
        folder?.appending("\(profile).safetensors")
    }
}
