// SPDX-License-Identifier: MIT
internal import GRDB

/// Columns of rows that anybody may have written: what has another type than expected reads as nil.
extension Row {
    /// Text, or bytes that are text in UTF-8.
    func text(_ index: Int) -> String? {
        switch storage(index) {
        case .string(let text): text
        case .blob(let data): String(validating: data, as: UTF8.self)
        default: nil
        }
    }

    /// Bytes.
    func bytes(_ index: Int) -> [UInt8]? {
        if case .blob(let data) = storage(index) { [UInt8](data) } else { nil }
    }

    /// A whole number.
    func integer(_ index: Int) -> Int? {
        switch storage(index) {
        case .int64(let number): Int(exactly: number)
        case .double(let number): Int(exactly: number)
        case .string(let text): Int(text)
        default: nil
        }
    }

    /// A number that is neither infinite nor NaN.
    func number(_ index: Int) -> Double? {
        switch storage(index) {
        case .int64(let number): Double(number)
        case .double(let number): number.isFinite ? number : nil
        case .string(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
        default: nil
        }
    }

    /// A truth value as SQLite keeps it.
    func flag(_ index: Int) -> Bool? { integer(index).map { $0 != 0 } }

    /// A time in one of the forms that databases hold.
    func timestamp(_ index: Int) -> Timestamp? { text(index).flatMap(Timestamp.init(sqlText:)) }

    /// Whether the column is NULL.
    func isNull(_ index: Int) -> Bool {
        if case .null = storage(index) { true } else { false }
    }

    private func storage(_ index: Int) -> DatabaseValue.Storage {
        guard index < count else { return .null }
        let value: DatabaseValue = self[index]
        return value.storage
    }
}
