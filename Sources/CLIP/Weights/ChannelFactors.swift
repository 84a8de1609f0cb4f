// SPDX-License-Identifier: MIT

/// Factors of some channels of a layer: scales, the inverse of them, or the ratio of two.
struct ChannelFactors: Sendable {
    private let scales: LayerScales
    private let numerator: LayerScales.Channels?
    private let denominator: LayerScales.Channels?

    /// What weights that read the channels are multiplied with.
    static func scales(_ scales: LayerScales, _ channels: LayerScales.Channels) -> ChannelFactors {
        ChannelFactors(scales: scales, numerator: channels, denominator: nil)
    }

    /// What the channels themselves are multiplied with.
    static func inverse(_ scales: LayerScales, _ channels: LayerScales.Channels) -> ChannelFactors {
        ChannelFactors(scales: scales, numerator: nil, denominator: channels)
    }

    /// What channels that were divided by one kind of scales are multiplied with to be divided by another instead.
    static func exchange(
        _ scales: LayerScales, _ old: LayerScales.Channels, for new: LayerScales.Channels
    ) -> ChannelFactors {
        ChannelFactors(scales: scales, numerator: old, denominator: new)
    }

    private init(
        scales: LayerScales, numerator: LayerScales.Channels?, denominator: LayerScales.Channels?
    ) {
        self.scales = scales
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The factors; the scales are computed by then.
    var values: [Float] {
        let over = denominator.map { scales.values($0).map { 1 / $0 } }
        guard let numerator else { return over ?? [] }
        let values = scales.values(numerator)
        return over.map { zip(values, $0).map(*) } ?? values
    }
}
