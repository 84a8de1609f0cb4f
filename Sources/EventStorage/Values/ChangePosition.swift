// SPDX-License-Identifier: MIT

/// A place in the log of changes to embeddings.
public struct ChangePosition: Sendable, Hashable {
    /// The number of the last change; 0 before the first.
    public let number: Int64
    /// A random number that the change drew, so that another history is told apart; 0 before the first.
    public let mark: Int64

    /// The position before every change.
    public static let start = ChangePosition(number: 0, mark: 0)

    /// The position after the change `number`.
    public init(number: Int64, mark: Int64) {
        self.number = number
        self.mark = mark
    }

    /// The most changes that can lie between this position and a later one.
    public func changes(to later: ChangePosition) -> Int64 {
        let (difference, overflows) = later.number.subtractingReportingOverflow(number)
        return overflows ? .max : difference
    }
}
