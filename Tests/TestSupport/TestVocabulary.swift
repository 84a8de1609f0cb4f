// SPDX-License-Identifier: MIT
internal import Foundation
package import SystemPackage

/// Merges for the tokenizer: CLIP's own, where `tools/test` could get them, and a few made up for the algorithm.
package enum TestVocabulary {
    /// CLIP's merges, named by AFTERIMAGE_TEST_MERGES; nil without them.
    package static var published: FilePath? {
        ProcessInfo.processInfo.environment["AFTERIMAGE_TEST_MERGES"].map { FilePath($0) }
    }

    /// What a test without them is skipped with.
    package static let skipped =
        "tools/test gets CLIP's merges from PyPI; it could not, so nothing is compared with the reference's tokens"

    /// Merges in the order of their ranks; tokens 512 and up.
    package static let merges = [
        "a t</w>", "c at</w>", "o g</w>", "d og</w>", "h o", "t o</w>", "p ho", "pho to</w>", "a a", "aa a",
        "aa aa",
        "Ã ©", "Ã ©</w>", "c a", "ca f", "caf Ã©</w>", "r e", "e d</w>", "r ed</w>", "! !", "! !</w>",
        "! !!</w>",
        "' s</w>", "x y", "y x", "xy x", "xy xy", "a t", "at aa",
    ]

    /// ``merges`` as a file.
    package static var file: [UInt8] {
        Array(("#version: 0.2\n" + merges.joined(separator: "\n") + "\n").utf8)
    }
}
