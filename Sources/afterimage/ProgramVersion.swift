// SPDX-License-Identifier: MIT

/// The version of the program, as CHANGELOG.md counts.
enum ProgramVersion {
    static let current = "0.2.0"
}
