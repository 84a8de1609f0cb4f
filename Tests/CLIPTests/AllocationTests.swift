// SPDX-License-Identifier: MIT
import AllocationCounter
import CLIP
import Imaging
import Tensors
import TestSupport
import Testing

@Suite("Allocations of the forward pass")
struct AllocationTests {
    static let configuration = VisionConfiguration(
        imageSize: 32, patchSize: 8, width: 96, headCount: 3, layerCount: 3, mlpWidth: 200,
        projectionDimension: 40,
        activation: .quickGELU)
    static let settings: [(Precision, ProductBackend)] = [
        (.fp32, .cblas), (.fp32, .auto), (.bf16, .auto), (.int8, .auto),
    ]

    @Test("A forward pass allocates nothing", arguments: settings, [1, 3])
    func allocatesNothing(setting: (precision: Precision, backend: ProductBackend), batch: Int) throws {
        try #require(allocation_count() > 0, "allocations cannot be counted here")
        let checkpoint = try RandomCheckpoint(Self.configuration, seed: 1)
        let team = ThreadTeam(memberCount: 2)
        let plan = try ArithmeticPlan(precision: setting.precision, backend: setting.backend)
        let transformer = try VisionTransformer(checkpoint.file, plan: plan, team: team)
        var scratch = VisionScratch(Self.configuration, imageCapacity: 3, memberCount: team.memberCount)
        var output = Matrix(rows: 3, columns: Self.configuration.projectionDimension)
        let pixels = PixelTensor(height: 32, width: 32, values: Array(repeating: 0.5, count: 3 * 32 * 32))
        let images = Array(repeating: pixels, count: batch)
        transformer(images, into: &output, scratch: &scratch, team: team)

        // Other tests allocate meanwhile; a pass that allocates does so every time, so the fewest are what counts.
        var fewest = Int.max
        for _ in 0..<200 where fewest > 0 {
            let before = allocation_count()
            transformer(images, into: &output, scratch: &scratch, team: team)
            fewest = min(fewest, allocation_count() - before)
        }
        #expect(fewest == 0, "\(plan.summary) allocates \(fewest) times for \(batch) images")
    }

    @Test("The counter counts")
    func counterCounts() {
        let before = allocation_count()
        let kept = (0..<100).map { Array(repeating: $0, count: 50) }
        #expect(allocation_count() - before >= 100 && kept.count == 100)
    }
}
