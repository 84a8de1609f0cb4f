// SPDX-License-Identifier: MIT

/// Undoes the filter that a PNG row was stored with.
///
/// Format: PNG specification, third edition, section 9.2.
enum PNGRowFilter {
    /// Restores `row[1...byteCount]` in place; `row[0]` names the filter.
    ///
    /// - Parameters:
    ///   - row: Filter byte and filtered bytes.
    ///   - previous: The row above, restored; zeros for the first row. Same layout.
    ///   - byteCount: Bytes behind the filter byte.
    ///   - distance: Bytes from a pixel to the next, at least 1.
    /// - Returns: False when there is no such filter.
    static func undo(_ row: inout [UInt8], previous: [UInt8], byteCount: Int, distance: Int) -> Bool {
        let head = min(distance, byteCount)
        switch row[0] {
        case 0: break
        case 1:
            for i in head + 1..<byteCount + 1 { row[i] &+= row[i - distance] }
        case 2:
            for i in 1..<byteCount + 1 { row[i] &+= previous[i] }
        case 3:
            for i in 1..<head + 1 { row[i] &+= previous[i] / 2 }
            for i in head + 1..<byteCount + 1 {
                row[i] &+= UInt8((UInt16(row[i - distance]) + UInt16(previous[i])) / 2)
            }
        case 4:
            for i in 1..<head + 1 { row[i] &+= previous[i] }
            for i in head + 1..<byteCount + 1 {
                row[i] &+= paeth(left: row[i - distance], above: previous[i], corner: previous[i - distance])
            }
        default: return false
        }
        return true
    }

    /// Whichever of the three neighbours is nearest to left + above − corner.
    private static func paeth(left: UInt8, above: UInt8, corner: UInt8) -> UInt8 {
        let toLeft = Int32(above) - Int32(corner)
        let toAbove = Int32(left) - Int32(corner)
        let (a, b, c) = (abs(toLeft), abs(toAbove), abs(toLeft + toAbove))
        if a <= b && a <= c { return left }
        return b <= c ? above : corner
    }
}
