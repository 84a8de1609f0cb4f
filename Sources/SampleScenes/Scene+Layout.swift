// SPDX-License-Identifier: MIT

extension Scene {
    // The middle 9/16 of the width is what a model sees after its centre crop: every spot lies inside it.

    /// Where a subject touches the ground, in sheet units, shifted a little by the seed.
    func ground(of subject: Subject, _ index: Int) -> Point {
        let noise = Noise(seed: seed)
        let base = resting(subject)
        return Point(
            base.x + Double(noise.uniform(index, 1)) * 14, base.y + Double(noise.uniform(index, 2)) * 8)
    }

    /// Enlargement that fits the subject into the place's perspective.
    func scale(of subject: Subject) -> Double {
        switch (subject, place) {
        case (.car, .street): 1.15
        case (.car, _): 1.28
        case (.person, .porch): 1.85
        case (.person, .drive): 1.35
        case (.person, .street): 1.1
        case (.parcel, .porch): 1.2
        case (.parcel, _): 0.7
        }
    }

    private func resting(_ subject: Subject) -> Point {
        switch (subject, place) {
        case (.car(_, let spot), .street): Point(800 + 280 * spot.side, 716)
        case (.car(_, let spot), _): Point(800 + 270 * spot.side, 760)
        case (.person(_, let spot, _), .porch): Point(760 + 330 * spot.side, 800)
        case (.person(_, let spot, _), .drive): Point(800 + 330 * spot.side, 720)
        case (.person(_, let spot, _), .street): Point(760 + 330 * spot.side, 584)
        case (.parcel(let spot), .porch): Point(1060 + 160 * spot.side, 720)
        case (.parcel(let spot), _): Point(800 + 300 * spot.side, 700)
        }
    }
}
