// SPDX-License-Identifier: MIT
package import Imaging

/// A picture as a home-security camera would take it, drawn by code.
///
/// The same value gives the same pixels on every machine; see ``Canvas`` for why.
package struct Scene: Hashable, Sendable {
    /// File name without extension, for example `red-car-morning`.
    package let name: String
    package let place: Place
    package let light: Daylight
    package let weather: Weather
    package let subjects: [Subject]
    /// Local time in the caption bar, `2026-03-14 08:12:45`.
    package let time: String
    /// Sensor noise and small shifts of the subjects; the scenery does not depend on it.
    package let seed: UInt64

    package init(
        name: String, place: Place, light: Daylight, weather: Weather = .clear, subjects: [Subject] = [],
        time: String,
        seed: UInt64
    ) {
        self.name = name
        self.place = place
        self.light = light
        self.weather = weather
        self.subjects = subjects
        self.time = time
        self.seed = seed
    }

    /// Draws the scene.
    ///
    /// - Parameters:
    ///   - width: Pixels, positive. The scenery is stretched when the sides are not 16 : 9.
    ///   - height: Pixels, positive.
    /// - Returns: The picture, caption bar included.
    /// - Complexity: O(pixels · shapes); 640 × 360 takes about 30 ms in a release build.
    package func rendered(width: Int = 640, height: Int = 360) -> RGBImage {
        var canvas = Canvas(width: width, height: height)
        drawScenery(on: &canvas)
        for (index, subject) in subjects.enumerated() { draw(subject, index, on: &canvas) }
        canvas.apply(light)
        if light == .night { canvas.lightLamps(place) }
        if light.isDark { drawHeadlights(on: &canvas) }
        if weather == .rain { canvas.drawRain(seed: seed &+ 40) }
        canvas.applySensor(noise: light.isDark ? 6 : 2.5, isGrey: light == .infrared, seed: seed &+ 50)
        canvas.drawCaption(time: time, label: place.caption)
        return canvas.image
    }

    private func drawScenery(on canvas: inout Canvas) {
        switch place {
        case .drive: canvas.drawDrive(seed: 11)
        case .porch: canvas.drawPorch(seed: 22)
        case .street: canvas.drawStreet(seed: 33)
        }
    }

    private func draw(_ subject: Subject, _ index: Int, on canvas: inout Canvas) {
        let (ground, scale) = (ground(of: subject, index), scale(of: subject))
        switch subject {
        case .car(let paint, _) where place == .street:
            canvas.drawCarSide(paint.color, ground: ground, scale: scale)
        case .car(let paint, _): canvas.drawCarFront(paint.color, ground: ground, scale: scale)
        case .person(let jacket, _, let carryingParcel):
            canvas.drawPerson(
                jacket: jacket.color, ground: ground, scale: scale, carryingParcel: carryingParcel)
        case .parcel: canvas.drawParcel(ground: ground, scale: scale)
        }
    }

    private func drawHeadlights(on canvas: inout Canvas) {
        for (index, subject) in subjects.enumerated() {
            guard case .car = subject else { continue }
            canvas.lightHeadlights(place, ground: ground(of: subject, index), scale: scale(of: subject))
        }
    }
}
