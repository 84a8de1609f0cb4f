// SPDX-License-Identifier: MIT

/// What three cameras of one house see in some weeks: one car that comes home every day, among everybody else.
///
/// Days, hours, weather, light and places are drawn by the seed. The others come back too, some of them often, so
/// that a grouping has more than one right answer to find.
package struct SceneDiary: Sendable {
    /// One event and who is in it.
    package struct Entry: Sendable {
        /// What the camera saw.
        package let scene: Scene
        /// Camera, as events name it.
        package let cameraID: String
        /// `person`, `vehicle` or `unknown`.
        package let object: String
        /// Who it is, for the judge of a grouping; nil where nobody is.
        package let subject: String?
        /// When it happened, `2026-03-14T08:12:45Z`.
        package let timestamp: String
    }

    /// All events in the order of their times.
    package let entries: [Entry]

    /// Name of the car that comes home.
    package static let residentCar = "drive/red"

    /// - Parameters:
    ///   - days: How often the car comes home, 1…28.
    ///   - others: Number of the other events.
    ///   - seed: Changes everything that chance decides.
    package init(days: Int = 20, others: Int = 200, seed: UInt64) {
        var draw = Draw(noise: Noise(seed: seed &* 977 &+ 5))
        let days = max(1, min(28, days))
        let weather = (0..<days).map { _ in draw.next(10) < 3 ? Weather.rain : .clear }
        var entries: [Entry] = []
        for day in 0..<days {
            let arrival: Hour = [.init(8), .init(12), .init(13), .init(17), .init(18)][draw.next(5)]
            entries.append(
                Self.entry(
                    .drive, .car(.red, .center), Self.residentCar, day, arrival, weather[day], &draw))
        }
        for index in 0..<max(0, others) {
            let day = index % days
            entries.append(Self.other(day, weather[day], &draw))
        }
        self.entries = entries.sorted { $0.timestamp < $1.timestamp }
    }

    private static func other(_ day: Int, _ weather: Weather, _ draw: inout Draw) -> Entry {
        let hour = Hour(7 + draw.next(13))
        let spot = Spot.allCases[draw.next(3)]
        switch draw.next(10) {
        case 0, 1:
            let color = [CarColor.blue, .blue, .white, .white, .dark, .yellow, .green, .silver, .orange][
                draw.next(9)]
            return entry(.drive, .car(color, spot), "drive/\(color)", day, hour, weather, &draw)
        case 2, 3, 4:
            let color = CarColor.allCases[draw.next(8)]
            return entry(.street, .car(color, spot), "street/\(color)", day, hour, weather, &draw)
        case 5, 6, 7:
            let jacket = ClothingColor.allCases[draw.next(6)]
            let person = Subject.person(jacket, spot, carryingParcel: draw.next(4) == 0)
            return entry(.porch, person, "porch/\(jacket)", day, hour, weather, &draw)
        case 8:
            let jacket = ClothingColor.allCases[draw.next(6)]
            let person = Subject.person(jacket, spot, carryingParcel: false)
            return entry(.drive, person, "drive/person/\(jacket)", day, hour, weather, &draw)
        default:
            return entry(Place.allCases[draw.next(3)], nil, nil, day, hour, weather, &draw)
        }
    }

    private static func entry(
        _ place: Place, _ subject: Subject?, _ name: String?, _ day: Int, _ hour: Hour, _ weather: Weather,
        _ draw: inout Draw
    ) -> Entry {
        let clock = "\(padded(hour.hour)):\(padded(draw.next(60))):\(padded(draw.next(60)))"
        let date = "2026-02-\(padded(day + 1))"
        let scene = Scene(
            name: "\(place)-\(date)-\(clock)", place: place, light: hour.light, weather: weather,
            subjects: subject.map { [$0] } ?? [], time: "\(date) \(clock)",
            seed: UInt64(draw.next(1 << 30)))
        let object =
            switch subject {
            case .car: "vehicle"
            case .person: "person"
            case .parcel, nil: "unknown"
            }
        return Entry(
            scene: scene, cameraID: place.rawValue, object: object, subject: name,
            timestamp: "\(date)T\(clock)Z")
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// An hour of the day and the light that it has in February.
    private struct Hour {
        let hour: Int

        init(_ hour: Int) { self.hour = hour }

        var light: Daylight {
            switch hour {
            case ..<10: .morning
            case ..<16: .noon
            case ..<19: .evening
            default: .night
            }
        }
    }

    /// Numbers in a row from ``Noise``.
    private struct Draw {
        let noise: Noise
        private var count = 0

        init(noise: Noise) { self.noise = noise }

        mutating func next(_ bound: Int) -> Int {
            count += 1
            return Int(noise.bits(count, 7) >> 20) % bound
        }
    }
}
