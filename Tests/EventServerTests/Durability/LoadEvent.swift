// SPDX-License-Identifier: MIT
import TestSupport

/// An event of the load: what was sent, and what must become of it.
struct LoadEvent: Sendable {
    let id: String
    let description: String
    let thumbnail: [UInt8]?
    /// State in which it must end.
    let finalState: String
    let bodyWithoutThumbnail: EventBody

    /// Draws an event: most have a good picture, some a broken one, some none.
    init(_ random: inout SeededGenerator) {
        id = EventBody.newID()
        description = "Load \(random.next())"
        let kind = Int.random(in: 0..<10, using: &random)
        switch kind {
        case 0: (thumbnail, finalState) = (nil, "no_thumbnail")
        case 1: (thumbnail, finalState) = (SamplePictures.truncatedJPEG, "failed")
        default:
            thumbnail = SamplePictures.jpeg(Int.random(in: 0..<1000, using: &random))
            finalState = "ready"
        }
        let second = Int.random(in: 10...59, using: &random)
        bodyWithoutThumbnail = EventBody(
            camera: "camera-\(Int.random(in: 0..<6, using: &random))",
            at: "2026-05-\(Int.random(in: 10...28, using: &random))T12:30:\(second)Z", description,
            confidence: Int.random(in: 0...100, using: &random)
        ).with("id", .string(id))
    }

    /// The whole event as JSON.
    var body: EventBody { thumbnail.map { bodyWithoutThumbnail.with(thumbnail: $0) } ?? bodyWithoutThumbnail }
}
