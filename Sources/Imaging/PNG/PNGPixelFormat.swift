// SPDX-License-Identifier: MIT

/// How a row of a PNG file holds its pixels, and how they become RGB as in Pillow.
struct PNGPixelFormat: Equatable {
    private enum Layout: Equatable {
        /// Up to 8 bits a pixel: a number that stands for a grey or for an entry of the palette.
        case grey, palette
        /// 16-bit grey. Pillow clips it to 8 bits: everything above 255 is white.
        case clippedGrey
        /// Whole bytes: where in the pixel the high bytes of red, green and blue are.
        case samples(red: Int, green: Int, blue: Int)
    }

    /// Bits a pixel takes in the row, 1…64.
    let bitsPerPixel: Int
    private let layout: Layout

    /// The format of a header's bit depth and colour type; nil for combinations that do not exist.
    init?(bitDepth: UInt8, colourType: UInt8) {
        switch (bitDepth, colourType) {
        case (1, 0), (2, 0), (4, 0), (8, 0): self.init(Int(bitDepth), .grey)
        case (16, 0): self.init(16, .clippedGrey)
        case (8, 2): self.init(24, .samples(red: 0, green: 1, blue: 2))
        case (16, 2): self.init(48, .samples(red: 0, green: 2, blue: 4))
        case (1, 3), (2, 3), (4, 3), (8, 3): self.init(Int(bitDepth), .palette)
        case (8, 4): self.init(16, .samples(red: 0, green: 0, blue: 0))
        case (16, 4): self.init(32, .samples(red: 0, green: 0, blue: 0))
        case (8, 6): self.init(32, .samples(red: 0, green: 1, blue: 2))
        case (16, 6): self.init(64, .samples(red: 0, green: 2, blue: 4))
        default: return nil
        }
    }

    private init(_ bitsPerPixel: Int, _ layout: Layout) {
        self.bitsPerPixel = bitsPerPixel
        self.layout = layout
    }

    /// Distance of the bytes that filters compare.
    var filterDistance: Int { (bitsPerPixel + 7) / 8 }

    /// Pixels are numbers of palette entries.
    var usesPalette: Bool { layout == .palette }

    /// Bytes of a transparency chunk below which Pillow refuses it.
    var minimumTransparencyByteCount: Int {
        switch layout {
        case .grey, .clippedGrey: 2
        case .samples: bitsPerPixel == 24 || bitsPerPixel == 48 ? 6 : 0
        case .palette: 0
        }
    }

    /// RGB of each of the 256 numbers a pixel may be; entries that a short palette lacks are black.
    func colours(palette: ArraySlice<UInt8>?) -> [UInt8] {
        switch layout {
        case .grey:
            let white = 1 << bitsPerPixel - 1
            return (0..<256).flatMap { [UInt8](repeating: UInt8($0 % (white + 1) * 255 / white), count: 3) }
        case .palette:
            let whole = (palette ?? []).prefix((palette?.count ?? 0) / 3 * 3)
            return whole + [UInt8](repeating: 0, count: max(768 - whole.count, 0))
        default:
            return []
        }
    }

    /// Writes the first `count` pixels of a row into `rgb`.
    ///
    /// - Parameters:
    ///   - row: The unfiltered row behind its filter byte.
    ///   - colours: From ``colours(palette:)``.
    ///   - start: Index in `rgb` of the first pixel's red.
    ///   - stride: Distance in `rgb` of one pixel to the next.
    func unpack(
        _ row: [UInt8], count: Int, colours: [UInt8], into rgb: inout [UInt8], at start: Int, stride: Int
    ) {
        var target = start
        switch layout {
        case .grey, .palette:
            let mask = 1 << bitsPerPixel - 1
            for pixel in 0..<count {
                let bit = pixel * bitsPerPixel
                let number = Int(row[1 + bit >> 3]) >> (8 - bitsPerPixel - bit & 7) & mask
                for channel in 0..<3 { rgb[target + channel] = colours[3 * number + channel] }
                target += stride
            }
        case .clippedGrey:
            for pixel in 0..<count {
                let grey = row[1 + 2 * pixel] == 0 ? row[2 + 2 * pixel] : 255
                for channel in 0..<3 { rgb[target + channel] = grey }
                target += stride
            }
        case .samples(let red, let green, let blue):
            var source = 1
            for _ in 0..<count {
                rgb[target] = row[source + red]
                rgb[target + 1] = row[source + green]
                rgb[target + 2] = row[source + blue]
                source += filterDistance
                target += stride
            }
        }
    }
}
