// SPDX-License-Identifier: MIT

/// Where the heads of an attention find their queries, keys and values: the first column of each.
///
/// Heads whose queries and keys are rounded less than the others' have them computed by a map of their own, so they
/// need not lie in the order of the heads.
package struct HeadColumns: Sendable, Equatable {
    /// Columns of a head.
    package let headWidth: Int
    let queries: [Int]
    let keys: [Int]
    let values: [Int]
    /// Columns that a matrix of queries must have.
    let queryWidth: Int
    /// Columns that a matrix of keys and values must have.
    let keyValueWidth: Int

    /// Number of heads.
    package var headCount: Int { queries.count }

    /// - Precondition: As many queries as keys and values, none at a negative column.
    package init(headWidth: Int, queries: [Int], keys: [Int], values: [Int]) {
        precondition(
            headWidth > 0 && queries.count == keys.count && queries.count == values.count,
            "\(queries.count) queries, \(keys.count) keys and \(values.count) values of width \(headWidth)")
        precondition((queries + keys + values).allSatisfy { $0 >= 0 }, "a head at a negative column")
        self.headWidth = headWidth
        self.queries = queries
        self.keys = keys
        self.values = values
        queryWidth = (queries.max() ?? 0) + headWidth
        keyValueWidth = max(keys.max() ?? 0, values.max() ?? 0) + headWidth
    }
}
