// SPDX-License-Identifier: MIT

/// Outputs of one of several maps that are stacked into one.
struct RowBlock: Sendable {
    /// Where the map lies, for example `q_proj`.
    let place: String
    /// Outputs of it.
    let rows: Range<Int>
}
