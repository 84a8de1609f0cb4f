// SPDX-License-Identifier: MIT
import Foundation
import Imaging
import Testing

@Suite("Hostile images")
struct HostileImageTests {
    /// Bytes, and the error that they must give.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let error: ImageError
        let code: String

        var testDescription: String { name }
    }

    private static func png(_ message: String) -> ImageError { .corrupt(format: "PNG", message: message) }
    private static func jpeg(_ message: String) -> ImageError { .corrupt(format: "JPEG", message: message) }
    private static func foreign(_ name: String, _ bytes: [UInt8], _ found: String) -> Row {
        Row(name: name, bytes: bytes, error: .unsupportedType(found: found), code: "unsupported_image_type")
    }
    private static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static func frame(_ depth: UInt8, _ height: UInt16, _ width: UInt16, _ components: UInt8)
        -> [UInt8]
    {
        var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC0, 0, 8 + 3 * components, depth]
        bytes += [
            UInt8(height >> 8), UInt8(height & 0xFF), UInt8(width >> 8), UInt8(width & 0xFF), components,
        ]
        for component in 0..<components { bytes += [component + 1, 0x11, 0] }
        return bytes + [0xFF, 0xDA, 0, 2]
    }

    static let foreignTypes: [Row] = [
        foreign("one byte", [0xFF], "of no known type"),
        foreign("text file", ascii("just some text\n"), "text"),
        foreign("HTML", ascii("<!DOCTYPE html>"), "markup (SVG, HTML or XML)"),
        foreign("GIF", ascii("GIF89a") + [1, 0, 1, 0], "a GIF image"),
        foreign("BMP", ascii("BM") + [60, 0, 0, 0], "a BMP image"),
        foreign("TIFF, little endian", [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0], "a TIFF image"),
        foreign("TIFF, big endian", [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8], "a TIFF image"),
        foreign("HEIC", [0, 0, 0, 24] + ascii("ftypheic"), "a HEIC image"),
        foreign("AVIF", [0, 0, 0, 32] + ascii("ftypavif"), "an AVIF image"),
        foreign("MP4", [0, 0, 0, 32] + ascii("ftypisom"), "an MP4 or QuickTime video"),
        foreign("JPEG 2000", [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], "a JPEG 2000 image"),
        foreign("WAVE", ascii("RIFF") + [4, 0, 0, 0] + ascii("WAVE"), "a RIFF file other than WebP"),
        foreign("noise", [0xC3, 0x28, 0x00, 0x91], "of no known type"),
    ]

    static let rows: [Row] = [
        Row(name: "no bytes", bytes: [], error: .empty, code: "empty_image"),
        Row(
            name: "PNG bomb", bytes: PNGSketch.file(width: 60_000, height: 60_000),
            error: .tooManyPixels(width: 60_000, height: 60_000, limit: 50_000_000), code: "image_too_large"),
        Row(
            name: "PNG of 2³²−1 square", bytes: PNGSketch.file(width: 0xFFFF_FFFF, height: 0xFFFF_FFFF),
            error: .dimensionTooLarge(width: 0xFFFF_FFFF, height: 0xFFFF_FFFF, limit: 65_535),
            code: "image_too_large"),
        Row(
            name: "JPEG bomb", bytes: frame(8, 60_000, 60_000, 3),
            error: .tooManyPixels(width: 60_000, height: 60_000, limit: 50_000_000), code: "image_too_large"),
        Row(
            name: "WebP bomb",
            bytes: ascii("RIFF") + [22, 0, 0, 0] + ascii("WEBPVP8X") + [10, 0, 0, 0, 0, 0, 0, 0]
                + [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            error: .dimensionTooLarge(width: 1 << 24, height: 1 << 24, limit: 65_535), code: "image_too_large"
        ),
        Row(
            name: "PNG without width", bytes: PNGSketch.file(width: 0, height: 4),
            error: .zeroSized(format: "PNG", width: 0, height: 4), code: "zero_sized_image"),
        Row(
            name: "PNG without height", bytes: PNGSketch.file(width: 4, height: 0),
            error: .zeroSized(format: "PNG", width: 4, height: 0), code: "zero_sized_image"),
        Row(
            name: "JPEG without height", bytes: frame(8, 0, 4, 1),
            error: .zeroSized(format: "JPEG", width: 4, height: 0), code: "zero_sized_image"),
        Row(
            name: "JPEG of 12 bits", bytes: frame(12, 4, 4, 3),
            error: .unsupportedVariant(format: "JPEG", message: "12-bit samples"),
            code: "unsupported_image_type"),
        Row(
            name: "JPEG of 2 components", bytes: frame(8, 4, 4, 2),
            error: .unsupportedVariant(format: "JPEG", message: "2 components"),
            code: "unsupported_image_type"),
        Row(
            name: "JPEG signature alone", bytes: [0xFF, 0xD8, 0xFF], error: .truncated(format: "JPEG"),
            code: "undecodable_image"),
        Row(
            name: "JPEG scan without a frame", bytes: [0xFF, 0xD8, 0xFF, 0xDA, 0, 2],
            error: jpeg("scan before frame"), code: "undecodable_image"),
        Row(
            name: "JPEG frame without data", bytes: frame(8, 4, 4, 1),
            error: .truncated(format: "JPEG"), code: "undecodable_image"),
        Row(
            name: "PNG of depth 3", bytes: PNGSketch.file(width: 2, height: 1, depth: 3),
            error: .unsupportedVariant(format: "PNG", message: "bit depth 3 with colour type 0"),
            code: "unsupported_image_type"),
        Row(
            name: "PNG with too little data",
            bytes: PNGSketch.file(width: 2, height: 2, stream: PNGSketch.stored([0, 1, 2, 0])),
            error: .truncated(format: "PNG"), code: "undecodable_image"),
        Row(
            name: "PNG with filter 5",
            bytes: PNGSketch.file(width: 2, height: 1, stream: PNGSketch.stored([5, 1, 2])),
            error: png("unknown row filter 5"), code: "undecodable_image"),
        Row(
            name: "PNG with a wrong Adler-32",
            bytes: PNGSketch.file(width: 2, height: 1, stream: PNGSketch.stored([0, 1, 2], adlerError: 1)),
            error: png("broken data stream"), code: "undecodable_image"),
        Row(
            name: "PNG whose stream is noise",
            bytes: PNGSketch.file(width: 2, height: 1, stream: [1, 2, 3, 4]),
            error: png("broken data stream"), code: "undecodable_image"),
        Row(
            name: "PNG without image data",
            bytes: Array(PNGSketch.file(width: 2, height: 1).prefix(33)) + PNGSketch.chunk("IEND", []),
            error: png("there is no image data"), code: "undecodable_image"),
        Row(
            name: "PNG with a chunk of 4 GiB",
            bytes: Array(PNGSketch.file(width: 2, height: 1).prefix(33)) + [0xFF, 0xFF, 0xFF, 0xFF]
                + ascii("tEXt"),
            error: .truncated(format: "PNG"), code: "undecodable_image"),
        Row(
            name: "PNG palette of 257 colours",
            bytes: PNGSketch.file(
                width: 2, height: 1, colourType: 3,
                before: PNGSketch.chunk("PLTE", [UInt8](repeating: 9, count: 771))),
            error: png("more than 256 colours"), code: "undecodable_image"),
        Row(
            name: "WebP of an unknown first chunk",
            bytes: ascii("RIFF") + [22, 0, 0, 0] + ascii("WEBPXXXX") + [UInt8](repeating: 0, count: 14),
            error: .unsupportedVariant(format: "WebP", message: "its first chunk is not VP8, VP8L or VP8X"),
            code: "unsupported_image_type"),
    ]

    @Test("each gives its own error", arguments: foreignTypes + rows)
    func refuses(_ row: Row) {
        #expect(throws: row.error) { try ImageDecoder().decode(row.bytes) }
        #expect(row.error.code == row.code)
        #expect(row.error.description.hasSuffix("."))
    }

    @Test("a checksum that is wrong before the image data is an error, in it it is not")
    func checksums() throws {
        var file = PNGSketch.file(width: 2, height: 1)
        file[file.count - 13] ^= 1  // the last byte of the checksum of IDAT
        #expect(try ImageDecoder().decode(file).bytes == [1, 1, 1, 2, 2, 2])
        file[32] ^= 1  // the last byte of the checksum of IHDR
        #expect(throws: Self.png("bad checksum in IHDR")) { try ImageDecoder().decode(file) }
    }

    @Test("limits are the caller's to set")
    func limits() {
        let file = PNGSketch.file(width: 2, height: 1)
        #expect(throws: ImageError.tooManyBytes(count: file.count, limit: 10)) {
            try ImageDecoder(limits: .init(maximumByteCount: 10)).decode(file)
        }
        #expect(throws: ImageError.tooManyPixels(width: 2, height: 1, limit: 1)) {
            try ImageDecoder(limits: .init(maximumPixelCount: 1)).decode(file)
        }
        #expect(throws: ImageError.dimensionTooLarge(width: 2, height: 1, limit: 1)) {
            try ImageDecoder(limits: .init(maximumDimension: 1)).decode(file)
        }
    }

    @Test("a long thin picture is cropped without being resized as a whole")
    func longPicture() throws {
        let image = RGBImage(width: 1, height: 60_000, bytes: [UInt8](repeating: 90, count: 180_000))
        let preprocess = ImagePreprocessor()
        #expect(try preprocess.cropped(image).bytes.allSatisfy { $0 == 90 })
        #expect(throws: ImageError.aspectRatioTooLarge(width: 1, height: 60_000)) {
            try preprocess.resized(image)
        }
    }

    /// The system refuses what is many times its memory, unless it was told to promise everything.
    @Test(
        "an intermediate image of 3 TB is an error, not the end",
        .enabled(
            if: (try? String(contentsOfFile: "/proc/sys/vm/overcommit_memory", encoding: .utf8)) != "1\n"))
    func missingMemory() throws {
        let image = RGBImage(width: 1, height: 2_000_000, bytes: [UInt8](repeating: 1, count: 6_000_000))
        #expect(throws: ImageError.outOfMemory(width: 1, height: 2_000_000)) {
            try BicubicResampler(width: 500_000, height: 1)(image)
        }
    }

    @Test("a JPEG of more than 500 scans is refused")
    func manyScans() throws {
        var encoder = JPEGEncoder(quality: 50)
        encoder.isProgressive = true
        encoder.isGreyscale = true
        let image = RGBImage(width: 16, height: 16, bytes: [UInt8](repeating: 100, count: 768))
        let file = try encoder.encode(image)
        let scan = try #require(file.indices.dropLast(1).last { file[$0] == 0xFF && file[$0 + 1] == 0xDA })
        let repeated = (0..<600).flatMap { _ in file[scan..<file.count - 2] }
        #expect(throws: Self.jpeg("more than 500 scans")) {
            try ImageDecoder().decode(Array(file[..<scan]) + repeated + [0xFF, 0xD9])
        }
    }

    @Test("flipped bits give a picture or a typed error, never a crash", arguments: ImageGoldens.all)
    func bitFlips(_ golden: ImageGoldens.Entry) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let file = try golden.file()
        print("bit flips in \(golden.name): seed \(seed)")
        for _ in 0..<25 {
            var damaged = file
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let at = Int.random(in: 0..<file.count, using: &generator)
                damaged[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
            do throws(ImageError) {
                let image = try ImageDecoder(limits: .init(maximumPixelCount: 2_000_000)).decode(damaged)
                #expect(image.bytes.count == 3 * image.width * image.height)
            } catch {
                #expect(!error.code.isEmpty && !error.description.isEmpty, "seed \(seed)")
            }
        }
    }
}
