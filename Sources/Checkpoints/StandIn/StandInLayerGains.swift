// SPDX-License-Identifier: MIT

/// Gains of the linear maps of an encoder layer, for channels of looks and of place.
///
/// Inputs of query, key, value and hidden; outputs of the other two.
struct StandInLayerGains: Sendable {
    let query: StandInBands
    let key: StandInBands
    let value: StandInBands
    let output: StandInBands
    let hidden: StandInBands
    let mlpOutput: StandInBands

    /// The class token gathers looks from differently weighted regions.
    ///
    /// Queries ask by place, keys answer by place and looks, values carry looks;
    /// found by experiment on the sample scenes.
    static let vision = StandInLayerGains(
        query: StandInBands(look: 0.3, place: 2), key: StandInBands(look: 1.5, place: 2),
        value: StandInBands(look: 1.2, place: 0.1), output: StandInBands(look: 0.5, place: 0.1),
        hidden: StandInBands(look: 1, place: 0.4), mlpOutput: StandInBands(look: 0.35, place: 0.15))

    /// The text tower makes no difference between channels.
    static let text = StandInLayerGains(
        query: StandInBands(look: 1.2, place: 1.2), key: StandInBands(look: 1.2, place: 1.2),
        value: StandInBands(look: 1, place: 1), output: StandInBands(look: 0.5, place: 0.5),
        hidden: StandInBands(look: 1, place: 1), mlpOutput: StandInBands(look: 0.5, place: 0.5))
}
