// SPDX-License-Identifier: MIT
import Foundation

/// One line on standard error that is drawn over again.
///
/// Draws nothing where standard error is no terminal.
struct ProgressBar {
    private let isTerminal: Bool
    private let clock = ContinuousClock()
    private var lastDrawing: ContinuousClock.Instant?
    private var isDrawn = false

    /// At most ten drawings a second.
    private static let interval: Duration = .milliseconds(100)
    private static let cellCount = 20

    init(isTerminal: Bool = isatty(STDERR_FILENO) == 1) {
        self.isTerminal = isTerminal
    }

    /// Shows `fraction`, 0…1 or nil where the end is not known, and `text` after it.
    mutating func show(_ fraction: Double?, _ text: String) {
        let instant = clock.now
        guard isTerminal, fraction == 1 || lastDrawing.map({ instant - $0 >= Self.interval }) ?? true else {
            return
        }
        lastDrawing = instant
        isDrawn = true
        write("\r\(Self.line(fraction, text))\u{1B}[K")
    }

    /// Ends the line, so that other text may follow.
    mutating func finish() {
        if isDrawn { write("\n") }
        isDrawn = false
        lastDrawing = nil
    }

    static func line(_ fraction: Double?, _ text: String) -> String {
        guard let fraction else { return text }
        let share = min(max(fraction, 0), 1)
        let filled = Int(share * Double(cellCount))
        let percent = "\(Int(share * 100))"
        let margin = String(repeating: " ", count: 3 - percent.count)
        let cells =
            String(repeating: "█", count: filled) + String(repeating: "░", count: cellCount - filled)
        return "\(margin)\(percent) % \(cells) \(text)"
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
