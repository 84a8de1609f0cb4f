// SPDX-License-Identifier: MIT

/// The frame header of a JPEG file, found by walking the markers up to the first scan.
///
/// The walk checks what Pillow's does, so a file that Pillow does not open is refused here with the same
/// reasons: samples of other than 8 bits, other than 1, 3 or 4 components, markers cut short.
struct JPEGHeader {
    /// Width and height of the frame.
    private(set) var dimensions = ImageDimensions(width: 0, height: 0)
    /// 1 (grey), 3 (colour) or 4 (CMYK or YCCK).
    private(set) var componentCount = 0
    private var profileParts: [ArraySlice<UInt8>] = []

    /// Walks from the start of image to the first start of scan.
    init(scanning bytes: [UInt8]) throws(ImageError) {
        var position = 3  // The signature ends with the first byte of a marker.
        var prefix = true
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard prefix else {
                prefix = byte == 0xFF
                continue
            }
            switch byte {
            case 0xFF: continue
            case 0x00: prefix = false
            case 0xC0...0xFE:
                prefix = false
                guard Self.hasSegment(byte) else { continue }
                try read(marker: byte, Self.segment(bytes, &position))
                if byte == 0xDA {
                    try require(componentCount > 0, "scan before frame")
                    return
                }
            default: throw Self.corrupt("no marker found")
            }
        }
        throw .truncated(format: ImageFormat.jpeg.name)
    }

    private static func hasSegment(_ marker: UInt8) -> Bool {
        switch marker {
        case 0xC8, 0xD0...0xD9, 0xF0...0xFD: false
        default: true
        }
    }

    private static func corrupt(_ message: String) -> ImageError {
        .corrupt(format: ImageFormat.jpeg.name, message: message)
    }

    /// The payload behind a marker; a declared length below 2 counts as empty.
    private static func segment(_ bytes: [UInt8], _ position: inout Int) throws(ImageError) -> ArraySlice<
        UInt8
    > {
        guard position + 2 <= bytes.count else { throw .truncated(format: ImageFormat.jpeg.name) }
        let start = position + 2
        let length = max(Int(bytes[position]) << 8 | Int(bytes[position + 1]), 2) - 2
        guard start + length <= bytes.count else { throw .truncated(format: ImageFormat.jpeg.name) }
        position = start + length
        return bytes[start..<position]
    }

    private mutating func read(marker: UInt8, _ payload: ArraySlice<UInt8>) throws(ImageError) {
        switch marker {
        case 0xC4, 0xCC, 0xDA, 0xDC, 0xDD, 0xDF: break
        case 0xC0...0xCF, 0xDE: try readFrame(payload)
        case 0xDB: try checkQuantizationTables(payload)
        case 0xE0:
            // Pillow reads the version behind these two names without asking whether it is there.
            if payload.starts(with: "JFIF".utf8) { try require(payload.count >= 7, "short JFIF segment") }
        case 0xE2:
            if payload.starts(with: Array("ICC_PROFILE\0".utf8)) { profileParts.append(payload) }
        case 0xEE:
            if payload.starts(with: "Adobe".utf8) { try require(payload.count >= 7, "short Adobe segment") }
        default: break
        }
    }

    private func require(_ condition: Bool, _ message: String) throws(ImageError) {
        guard condition else { throw Self.corrupt(message) }
    }

    private mutating func readFrame(_ payload: ArraySlice<UInt8>) throws(ImageError) {
        let frame = Array(payload)
        try require(frame.count >= 6 && frame.count % 3 == 0, "frame header of \(frame.count) bytes")
        dimensions = ImageDimensions(
            width: Int(frame[3]) << 8 | Int(frame[4]), height: Int(frame[1]) << 8 | Int(frame[2]))
        guard frame[0] == 8 else {
            throw .unsupportedVariant(format: ImageFormat.jpeg.name, message: "\(frame[0])-bit samples")
        }
        guard [1, 3, 4].contains(frame[5]) else {
            throw .unsupportedVariant(format: ImageFormat.jpeg.name, message: "\(frame[5]) components")
        }
        componentCount = Int(frame[5])
        let first = profileParts.min { $0.lexicographicallyPrecedes($1) }
        try require((first?.count ?? 14) >= 14, "short ICC profile segment")
        profileParts = []
    }

    private func checkQuantizationTables(_ payload: ArraySlice<UInt8>) throws(ImageError) {
        var rest = payload
        while let first = rest.first {
            let tableBytes = first >> 4 == 0 ? 65 : 129
            try require(rest.count >= tableBytes, "bad quantization table marker")
            rest = rest.dropFirst(tableBytes)
        }
    }
}
