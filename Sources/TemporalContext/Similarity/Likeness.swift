// SPDX-License-Identifier: MIT

/// What a cosine means, measured against events of the same camera that have nothing to do with each other.
///
/// For a picture the background are the cosines of unrelated pairs of that camera, and the percentile decides: of a
/// hundred such pairs one is `very similar` by chance, ten are at least `similar`. For words, whose cosines with
/// pictures lie in a narrow band of their own, the background are the cosines of these words with a sample of that
/// camera, and the distance from their median decides, in deviations estimated by the median absolute deviation.
package struct Likeness: Sendable, Hashable {
    /// A cosine in a word.
    package enum Word: String, Sendable, CaseIterable {
        case verySimilar = "very similar"
        case similar
        case weak
    }

    /// The share of the background below the cosine, 0…100; nil while too few events are known.
    package let percentile: Double?
    /// The cosine in a word.
    package let word: Word

    /// The cosine of two pictures, against unrelated pairs of the hit's camera.
    init(pictureCosine cosine: Double, background: CosineBackground) {
        let percentile =
            background.cosines.count >= Self.fewestPairs ? background.percentile(of: cosine) : nil
        self.percentile = percentile
        if let percentile {
            word = percentile >= 99 ? .verySimilar : percentile >= 90 ? .similar : .weak
        } else {
            // Nothing to measure against: the cosines at which CLIP's pictures of one scene usually lie.
            word = cosine >= 0.95 ? .verySimilar : cosine >= 0.85 ? .similar : .weak
        }
    }

    /// The cosine of words and a picture, against the same words and other pictures of the camera.
    init(textCosine cosine: Double, background: CosineBackground) {
        guard background.cosines.count >= Self.fewestPictures, let median = background.quantile(0.5),
            let deviation = CosineBackground(background.cosines.map { abs($0 - median) }).quantile(0.5)
        else {
            percentile = nil
            word = cosine >= 0.3 ? .verySimilar : cosine >= 0.25 ? .similar : .weak
            return
        }
        percentile = background.percentile(of: cosine)
        // 1.4826 median absolute deviations are a standard deviation of a normal distribution.
        let distance = (cosine - median) / max(1.4826 * deviation, 1e-6)
        word = distance >= 4 ? .verySimilar : distance >= 2.5 ? .similar : .weak
    }

    private static let fewestPairs = 45
    private static let fewestPictures = 20
}
