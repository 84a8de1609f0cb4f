// SPDX-License-Identifier: MIT

/// Lays the square patches of planar pixels out as rows, so that a convolution whose stride equals its kernel
/// becomes one matrix product.
///
/// Row `firstRow` + p holds patch p (row-major over the image): channel by channel, line by line, the order of
/// PyTorch's `Conv2d` weight.
///
/// - Parameters:
///   - pixels: Planar `[channels, side, side]`.
///   - channels: Number of channels.
///   - side: Width and height of the image; a multiple of `patchSize`.
///   - patchSize: Width and height of a patch.
///   - patches: Output; columns are channels · patchSize².
///   - firstRow: Row of the first patch.
///   - team: Threads that share the patches. A forward pass begins here, so this also wakes them.
/// - Complexity: O(pixels). Allocates nothing.
package func layOutPatches(
    of pixels: Span<Float>, channels: Int, side: Int, patchSize: Int, into patches: inout Matrix,
    firstRow: Int, team: borrowing ThreadTeam
) {
    let grid = side / patchSize
    precondition(side == grid * patchSize, "side \(side) is not a multiple of the patch size \(patchSize)")
    precondition(
        pixels.count == channels * side * side, "\(pixels.count) values for [\(channels), \(side), \(side)]")
    precondition(patches.columns == channels * patchSize * patchSize, "patches are \(patches.shape)")
    precondition(
        firstRow >= 0 && firstRow + grid * grid <= patches.rows, "patches do not fit \(patches.shape)")
    // Safe: every source line lies inside `pixels` and every destination inside rows firstRow ..< firstRow + grid².
    unsafe pixels.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return }
        unsafe team.perform(
            PatchesJob(
                pixels: source, channels: channels, side: side, patchSize: patchSize,
                patches: patches.base + firstRow * patches.columns, columns: patches.columns))
    }
}

@safe private struct PatchesJob: TeamJob {
    let pixels: UnsafePointer<Float>
    let channels: Int
    let side: Int
    let patchSize: Int
    let patches: UnsafeMutablePointer<Float>
    let columns: Int

    /// A member takes a row of patches at a time.
    func run(as member: TeamMember) {
        let grid = side / patchSize
        while let row = member.claim(of: grid) {
            for column in 0..<grid { layOut(row: row, column: column, of: grid) }
        }
    }

    private func layOut(row: Int, column: Int, of grid: Int) {
        var destination = unsafe patches + (row * grid + column) * columns
        for channel in 0..<channels {
            for line in 0..<patchSize {
                let top = channel * side + row * patchSize + line
                unsafe destination.update(from: pixels + top * side + column * patchSize, count: patchSize)
                unsafe destination += patchSize
            }
        }
    }
}
