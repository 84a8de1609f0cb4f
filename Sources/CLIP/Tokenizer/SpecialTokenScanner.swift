// SPDX-License-Identifier: MIT

/// Finds the names of special tokens in a text, before anything else is done with it.
struct SpecialTokenScanner: IteratorProtocol, Sequence {
    enum Segment: Equatable {
        case text(String)
        case startOfText, endOfText
    }

    private static let names: [(bytes: [UInt8], segment: Segment)] = [
        (Array("<|startoftext|>".utf8), .startOfText), (Array("<|endoftext|>".utf8), .endOfText),
    ]

    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The next special token, or the text before it.
    mutating func next() -> Segment? {
        guard position < bytes.count else { return nil }
        let start = position
        while position < bytes.count {
            guard let (name, segment) = special() else {
                position += 1
                continue
            }
            if position == start {
                position += name.count
                return segment
            }
            break
        }
        return .text(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private func special() -> (bytes: [UInt8], segment: Segment)? {
        guard bytes[position] == UInt8(ascii: "<") else { return nil }
        return Self.names.first { bytes[position...].starts(with: $0.bytes) }
    }
}
