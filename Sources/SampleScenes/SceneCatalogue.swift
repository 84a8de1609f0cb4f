// SPDX-License-Identifier: MIT

/// Named scenes for demos, tests and benchmarks: several views of the same subjects.
package enum SceneCatalogue {
    /// The scenes as every document of this project shows them.
    package static let demo = scenes(seed: 1)

    /// The same scenes with other sensor noise and slightly shifted subjects.
    package static func scenes(seed: UInt64) -> [Scene] {
        drive(seed &* 100) + porch(seed &* 100 &+ 30) + street(seed &* 100 &+ 60)
    }

    private static func drive(_ seed: UInt64) -> [Scene] {
        [
            Scene(
                name: "red-car-morning", place: .drive, light: .morning, subjects: [.car(.red, .center)],
                time: "2026-03-14 08:12:45", seed: seed &+ 1),
            Scene(
                name: "red-car-next-morning", place: .drive, light: .morning, subjects: [.car(.red, .center)],
                time: "2026-03-15 08:09:20", seed: seed &+ 10),
            Scene(
                name: "red-car-evening", place: .drive, light: .evening, subjects: [.car(.red, .center)],
                time: "2026-03-14 18:40:03", seed: seed &+ 2),
            Scene(
                name: "red-car-night", place: .drive, light: .night, subjects: [.car(.red, .center)],
                time: "2026-03-15 22:07:31", seed: seed &+ 3),
            Scene(
                name: "blue-car-morning", place: .drive, light: .morning, subjects: [.car(.blue, .left)],
                time: "2026-03-16 07:55:10", seed: seed &+ 4),
            Scene(
                name: "blue-car-rain", place: .drive, light: .noon, weather: .rain,
                subjects: [.car(.blue, .left)],
                time: "2026-03-17 12:30:58", seed: seed &+ 5),
            Scene(
                name: "white-car-noon", place: .drive, light: .noon, subjects: [.car(.white, .right)],
                time: "2026-03-18 13:02:26", seed: seed &+ 6),
            Scene(
                name: "empty-drive-noon", place: .drive, light: .noon, time: "2026-03-18 14:20:00",
                seed: seed &+ 7),
            Scene(
                name: "empty-drive-infrared", place: .drive, light: .infrared, time: "2026-03-19 03:11:09",
                seed: seed &+ 8),
            Scene(
                name: "dark-car-infrared", place: .drive, light: .infrared, subjects: [.car(.dark, .right)],
                time: "2026-03-19 03:14:37", seed: seed &+ 9),
        ]
    }

    private static func porch(_ seed: UInt64) -> [Scene] {
        [
            Scene(
                name: "courier-with-parcel", place: .porch, light: .noon,
                subjects: [.person(.yellow, .center, carryingParcel: true)], time: "2026-03-20 11:48:15",
                seed: seed &+ 1),
            Scene(
                name: "courier-leaving", place: .porch, light: .noon,
                subjects: [.parcel(.center), .person(.yellow, .left, carryingParcel: false)],
                time: "2026-03-20 11:49:02", seed: seed &+ 2),
            Scene(
                name: "parcel-at-door", place: .porch, light: .evening, subjects: [.parcel(.center)],
                time: "2026-03-20 17:30:44", seed: seed &+ 3),
            Scene(
                name: "neighbour-evening", place: .porch, light: .evening,
                subjects: [.person(.darkBlue, .center, carryingParcel: false)], time: "2026-03-21 18:05:12",
                seed: seed &+ 4),
            Scene(
                name: "neighbour-night", place: .porch, light: .night,
                subjects: [.person(.darkBlue, .center, carryingParcel: false)], time: "2026-03-22 21:16:50",
                seed: seed &+ 5),
        ]
    }

    private static func street(_ seed: UInt64) -> [Scene] {
        [
            Scene(
                name: "street-walkers-day", place: .street, light: .noon,
                subjects: [
                    .person(.green, .left, carryingParcel: false),
                    .person(.brown, .right, carryingParcel: false),
                    .car(.yellow, .center),
                ], time: "2026-03-23 15:33:21", seed: seed &+ 1),
            Scene(
                name: "street-night", place: .street, light: .night, subjects: [.car(.green, .left)],
                time: "2026-03-23 23:58:07", seed: seed &+ 2),
        ]
    }
}
