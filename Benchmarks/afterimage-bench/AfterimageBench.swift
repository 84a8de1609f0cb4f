// SPDX-License-Identifier: MIT
import ArgumentParser
import CLIP
import Checkpoints
import Imaging
import SystemPackage
import Tensors

@main
struct AfterimageBench: ParsableCommand {
    @Option var weights: String
    @Option var threads = 2
    func run() throws {
        let team = ThreadTeam(memberCount: threads)
        let file = try SafetensorsFile(opening: FilePath(weights))
        let clock = ContinuousClock()
        let t0 = clock.now
        let tower = try VisionTransformer(file, team: team)
        print("load", clock.now - t0, BLAS.coreName)
        for _ in 0..<2 {
            var peak = try ProductPeak(team: team)
            let s = Samples(minimum: 5, budget: .seconds(1)) { peak.run() }
            print(
                "peak", peak.floatingPointOperations / s.median / 1e9,
                peak.floatingPointOperations / s.minimum / 1e9)
            for batch in [1, 8, 32] {
                let encoder = VisionEncoder(tower, batchCapacity: batch, team: team)
                let images = (0..<batch).map { i in
                    PixelTensor(
                        height: 224, width: 224,
                        values: (0..<150528).map { Float(($0 * 7 + i) % 255) / 128 - 1 })
                }
                let samples = try Samples { _ = try encoder.encode(images) }
                team.startProductClocks()
                let t = clock.now
                for _ in 0..<5 { _ = try encoder.encode(images) }
                let all = (clock.now - t) / 5
                let p = team.stopProductClocks() / 5
                let seconds = Double(all.components.attoseconds) / 1e18 + Double(all.components.seconds)
                print(
                    batch, samples.median * 1000 / Double(batch), samples.minimum * 1000 / Double(batch),
                    "GF", tower.configuration.floatingPointOperations * Double(batch) / samples.median / 1e9,
                    "outside", 1 - p / seconds)
            }
        }
    }
}
