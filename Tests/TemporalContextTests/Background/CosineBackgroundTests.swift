// SPDX-License-Identifier: MIT
import TemporalContext
import Testing

@Suite struct CosineBackgroundTests {
    @Test(arguments: [
        (-1.0, 0.0), (0.1, 10.0), (0.15, 20.0), (0.3, 50.0), (0.4, 90.0), (0.5, 100.0),
    ])
    func percentileIsTheShareBelowWithTiesCountedHalf(cosine: Double, percentile: Double) {
        let background = CosineBackground([0.3, 0.1, 0.3, 0.4, .nan, 0.3])
        #expect(abs((background.percentile(of: cosine) ?? -1) - percentile) < 1e-9)
    }

    @Test func quantileLiesBetweenNeighbours() {
        let background = CosineBackground([0.0, 0.2, 0.4])
        #expect(background.quantile(0) == 0)
        #expect(abs((background.quantile(0.25) ?? 0) - 0.1) < 1e-12)
        #expect(background.quantile(1) == 0.4)
        #expect(background.quantile(7) == 0.4)
    }

    @Test func nothingIsKnownOfAnEmptyBackground() {
        #expect(CosineBackground([]).percentile(of: 0.5) == nil)
        #expect(CosineBackground(pairsOf: [[1, 0]]).quantile(0.5) == nil)
    }

    @Test func pairsAreTakenOnceEachAndAtMostToTheLimit() {
        let rows: [[Float]] = [[1, 0], [0, 1], [1, 0], [0, -1]]
        #expect(CosineBackground(pairsOf: rows).cosines == [-1, 0, 0, 0, 0, 1])
        #expect(CosineBackground(pairsOf: rows, limit: 2).cosines.count == 2)
    }
}
