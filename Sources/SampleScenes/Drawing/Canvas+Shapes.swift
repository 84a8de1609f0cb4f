// SPDX-License-Identifier: MIT

extension Canvas {
    /// Fills a polygon, which may be concave; crossing edges follow the even-odd rule.
    mutating func fill(_ corners: [Point], _ paint: Paint) {
        guard corners.count >= 3 else { return }
        var top = corners[0].y
        var bottom = top
        for corner in corners {
            top = min(top, corner.y)
            bottom = max(bottom, corner.y)
        }
        fill(vertical: top...bottom, paint) { y, edges in
            for index in corners.indices {
                let (a, b) = (corners[index], corners[(index + 1) % corners.count])
                guard (a.y <= y) != (b.y <= y) else { continue }
                edges.append(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
            }
            edges.sort()
        }
    }

    /// Fills an axis-parallel rectangle.
    mutating func fillRectangle(x: Double, y: Double, width: Double, height: Double, _ paint: Paint) {
        fill(vertical: y...(y + max(0, height)), paint) { _, edges in
            edges.append(x)
            edges.append(x + width)
        }
    }

    /// Fills an axis-parallel ellipse.
    mutating func fillEllipse(_ center: Point, radiusX: Double, radiusY: Double, _ paint: Paint) {
        guard radiusX > 0, radiusY > 0 else { return }
        fill(vertical: (center.y - radiusY)...(center.y + radiusY), paint) { y, edges in
            let offset = (y - center.y) / radiusY
            let half = radiusX * max(0, 1 - offset * offset).squareRoot()
            edges.append(center.x - half)
            edges.append(center.x + half)
        }
    }

    /// Fills the stroke of a straight line.
    mutating func fillLine(from a: Point, to b: Point, thickness: Double, _ paint: Paint) {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = max(1e-9, (dx * dx + dy * dy).squareRoot())
        let (nx, ny) = (-dy / length * thickness / 2, dx / length * thickness / 2)
        fill(
            [
                Point(a.x + nx, a.y + ny), Point(b.x + nx, b.y + ny), Point(b.x - nx, b.y - ny),
                Point(a.x - nx, a.y - ny),
            ], paint)
    }

    /// Adds light that fades to nothing at the ellipse's rim: lamps and headlights.
    mutating func addGlow(_ center: Point, radiusX: Double, radiusY: Double, _ color: Color) {
        fillGlow(center, radiusX, radiusY) { $0 + color * $1 }
    }

    /// Multiplies by up to `factor` at the centre: the pool of light under a lamp.
    mutating func brighten(_ center: Point, radiusX: Double, radiusY: Double, by factor: Color) {
        fillGlow(center, radiusX, radiusY) { $0 * Color(1, 1, 1).mixed(with: factor, $1) }
    }

    private mutating func fillGlow(
        _ center: Point, _ radiusX: Double, _ radiusY: Double, _ combine: (Color, Float) -> Color
    ) {
        let columns = Double(width) / Canvas.sheetWidth
        let rows = Double(height) / Canvas.sheetHeight
        let left = max(0, Int(((center.x - radiusX) * columns).rounded(.down)))
        let right = min(width, Int(((center.x + radiusX) * columns).rounded(.up)))
        let top = max(0, Int(((center.y - radiusY) * rows).rounded(.down)))
        let bottom = min(height, Int(((center.y + radiusY) * rows).rounded(.up)))
        guard left < right, top < bottom else { return }
        for row in top..<bottom {
            for column in left..<right {
                let point = sheetPoint(column: column, row: row)
                let (u, v) = ((point.x - center.x) / radiusX, (point.y - center.y) / radiusY)
                let fade = Float(max(0, 1 - u * u - v * v))
                if fade > 0 { replacePixel(column: column, row: row) { combine($0, fade * fade) } }
            }
        }
    }
}
