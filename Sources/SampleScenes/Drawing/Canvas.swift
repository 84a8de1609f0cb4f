// SPDX-License-Identifier: MIT
import Imaging

/// A small software painter: filled polygons and ellipses with antialiased edges.
///
/// Shapes are given on a sheet of 1600 × 900 units and scaled to the picture, so one drawing serves every size.
/// Only additions, multiplications, divisions and square roots are used; IEEE 754 rounds these exactly, so the
/// same drawing gives the same bytes on every machine.
struct Canvas {
    static let sheetWidth = 1600.0
    static let sheetHeight = 900.0
    /// Scanlines a pixel row is cut into for antialiasing.
    private static let subrows = 4

    let width: Int
    let height: Int
    /// Row-major, `width × height`.
    private(set) var pixels: [Color]
    /// Share of each pixel of the current row that the shape covers; all zero between shapes.
    private var coverage: [Float]

    /// - Precondition: both sides are positive.
    init(width: Int, height: Int) {
        precondition(width > 0 && height > 0, "a canvas of \(width) × \(height) pixels cannot be drawn on")
        self.width = width
        self.height = height
        pixels = Array(repeating: .black, count: width * height)
        coverage = Array(repeating: 0, count: width)
    }

    /// The picture, each channel rounded to the nearest byte and clipped.
    var image: RGBImage {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 * pixels.count)
        for pixel in pixels {
            bytes.append(Canvas.byte(pixel.red))
            bytes.append(Canvas.byte(pixel.green))
            bytes.append(Canvas.byte(pixel.blue))
        }
        return RGBImage(width: width, height: height, bytes: bytes)
    }

    /// Replaces every pixel by a function of its column, row and present colour.
    mutating func update(_ transform: (_ column: Int, _ row: Int, _ color: Color) -> Color) {
        for row in 0..<height {
            for column in 0..<width {
                let index = row * width + column
                pixels[index] = transform(column, row, pixels[index])
            }
        }
    }

    /// Replaces one pixel by a function of its present colour.
    mutating func replacePixel(column: Int, row: Int, _ transform: (Color) -> Color) {
        pixels[row * width + column] = transform(pixels[row * width + column])
    }

    /// Sheet position of a pixel's centre.
    func sheetPoint(column: Int, row: Int) -> Point {
        Point(
            (Double(column) + 0.5) * Canvas.sheetWidth / Double(width),
            (Double(row) + 0.5) * Canvas.sheetHeight / Double(height))
    }

    /// Fills the shape whose horizontal extents `spans` reports for a given y, all in sheet units.
    ///
    /// - Parameters:
    ///   - vertical: Top and bottom of the shape; the paint's gradient runs between them.
    ///   - paint: What the shape is filled with.
    ///   - spans: Appends pairs (left, right) of the shape at height y.
    mutating func fill(
        vertical: ClosedRange<Double>, _ paint: Paint, spans: (_ y: Double, _ edges: inout [Double]) -> Void
    ) {
        let unit = Canvas.sheetHeight / Double(height)
        let first = max(0, Int((vertical.lowerBound / unit).rounded(.down)))
        let last = min(height - 1, Int((vertical.upperBound / unit).rounded(.down)))
        guard first <= last else { return }
        var edges: [Double] = []
        for row in first...last {
            var touched: Range<Int>?
            for subrow in 0..<Canvas.subrows {
                let y = (Double(row) + (Double(subrow) + 0.5) / Double(Canvas.subrows)) * unit
                guard vertical.contains(y) else { continue }
                edges.removeAll(keepingCapacity: true)
                spans(y, &edges)
                for pair in stride(from: 0, to: edges.count - 1, by: 2) {
                    cover(edges[pair], edges[pair + 1], &touched)
                }
            }
            if let touched { blend(row: row, columns: touched, vertical: vertical, paint) }
        }
    }

    /// Adds one scanline's share of coverage between two sheet positions.
    private mutating func cover(_ left: Double, _ right: Double, _ touched: inout Range<Int>?) {
        let unit = Canvas.sheetWidth / Double(width)
        let start = max(0, left / unit)
        let end = min(Double(width), right / unit)
        guard start < end else { return }
        let firstColumn = Int(start)
        let lastColumn = min(width - 1, Int(end))
        for column in firstColumn...lastColumn {
            let inside = min(end, Double(column + 1)) - max(start, Double(column))
            if inside > 0 { coverage[column] += Float(inside) / Float(Canvas.subrows) }
        }
        let lower = min(touched?.lowerBound ?? firstColumn, firstColumn)
        let upper = max(touched?.upperBound ?? lastColumn + 1, lastColumn + 1)
        touched = lower..<upper
    }

    private mutating func blend(row: Int, columns: Range<Int>, vertical: ClosedRange<Double>, _ paint: Paint)
    {
        for column in columns {
            let share = min(1, coverage[column]) * paint.opacity
            coverage[column] = 0
            guard share > 0 else { continue }
            let point = sheetPoint(column: column, row: row)
            let extent = max(1e-9, vertical.upperBound - vertical.lowerBound)
            let depth = min(1, max(0, (point.y - vertical.lowerBound) / extent))
            let color = paint.color(x: point.x, y: point.y, depth: Float(depth))
            pixels[row * width + column] = pixels[row * width + column].mixed(with: color, share)
        }
    }

    private static func byte(_ value: Float) -> UInt8 { UInt8(min(255, max(0, value)).rounded()) }
}
