// SPDX-License-Identifier: MIT

/// How a merges file writes bytes as characters: those that print in Latin-1 as themselves, the others from U+0100 on.
///
/// Source: `bytes_to_unicode` of GPT-2.
enum ByteAlphabet {
    private static let printable: [UInt8] =
        Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)

    /// All bytes in the order of their tokens.
    static let order: [UInt8] = printable + (0...255).filter { !printable.contains($0) }

    /// The character that stands for `byte`.
    static func character(of byte: UInt8) -> Unicode.Scalar {
        let index = order.firstIndex(of: byte) ?? 0
        guard index >= printable.count else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(UInt16(0x100 + index - printable.count)) ?? " "
    }
}
