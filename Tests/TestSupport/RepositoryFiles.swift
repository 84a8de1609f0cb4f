// SPDX-License-Identifier: MIT
package import SystemPackage

/// Files of the repository that tests read where they lie.
package enum RepositoryFiles {
    /// The repository's root.
    package static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    /// The fixture `name` of the test target `target`.
    package static func fixture(_ name: String, of target: String) -> FilePath {
        root.appending("Tests").appending(target).appending("Fixtures").pushing(FilePath(name))
    }
}
