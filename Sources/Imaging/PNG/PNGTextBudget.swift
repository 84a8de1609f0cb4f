// SPDX-License-Identifier: MIT

/// Refuses texts and colour profiles that unfold beyond reason, with the limits of Pillow.
struct PNGTextBudget {
    /// Largest decompressed text or profile, 1 MiB.
    private static let singleLimit = 1 << 20
    /// Largest sum of texts, 64 MiB.
    private static let totalLimit = 64 << 20

    private var total = 0

    /// Checks one chunk.
    ///
    /// - Parameter type: `iCCP`, `tEXt`, `zTXt` or `iTXt`.
    mutating func check(_ type: String, _ payload: ArraySlice<UInt8>) throws(ImageError) {
        let value = payload.drop { $0 != 0 }.dropFirst()
        let hasSeparator = payload.contains(0)
        switch type {
        case "iCCP":
            // Without a separator Pillow takes the first byte for the method.
            guard let method = hasSeparator ? value.first : payload.first else {
                throw PNGDecoder.corrupt("short iCCP chunk")
            }
            try requireDeflate(method, type)
            _ = try unfold(hasSeparator ? value.dropFirst() : payload.dropFirst(), type)
        case "zTXt":
            try requireDeflate(value.first ?? 0, type)
            try spend(try unfold(value.dropFirst(), type) ?? 0)
        case "iTXt":
            try checkInternational(value, type)
        default:
            try spend(value.count)
        }
    }

    private func requireDeflate(_ method: UInt8, _ type: String) throws(ImageError) {
        guard method == 0 else { throw PNGDecoder.corrupt("unknown compression method in \(type)") }
    }

    private mutating func checkInternational(_ value: ArraySlice<UInt8>, _ type: String) throws(ImageError) {
        guard value.count >= 2 else { return }
        let isCompressed = value[value.startIndex] != 0
        let isDeflate = value[value.startIndex + 1] == 0
        let behindLanguage = value.dropFirst(2).drop { $0 != 0 }.dropFirst()
        let text = behindLanguage.drop { $0 != 0 }
        guard !text.isEmpty else { return }
        guard isCompressed else { return try spend(text.count - 1) }
        guard isDeflate, let count = try unfold(text.dropFirst(), type) else { return }
        try spend(count)
    }

    private mutating func spend(_ byteCount: Int) throws(ImageError) {
        total += byteCount
        guard total <= Self.totalLimit else { throw PNGDecoder.corrupt("more than 64 MiB of text") }
    }

    /// Size of the decompressed data; nil when it is damaged, which is forgiven.
    private func unfold(_ compressed: ArraySlice<UInt8>, _ type: String) throws(ImageError) -> Int? {
        var inflater = Inflater()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let bytes = Array(compressed)
        var input = bytes.indices
        var count = 0
        while !input.isEmpty {
            let room = min(buffer.count, Self.singleLimit - count)
            guard room > 0 else { throw PNGDecoder.corrupt("\(type) unfolds to more than 1 MiB") }
            let (status, produced) = inflater.step(bytes, &input, into: &buffer, 0..<room)
            count += produced
            if status == .failed { return nil }
            if status == .ended || produced == 0 { break }
        }
        return count
    }
}
