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
/// - Complexity: O(pixels). Allocates nothing.
package func layOutPatches(
    of pixels: Span<Float>, channels: Int, side: Int, patchSize: Int, into patches: inout Matrix,
    firstRow: Int
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
        for patch in 0..<grid * grid {
            let top = patch / grid * patchSize
            let left = patch % grid * patchSize
            var destination = unsafe patches.base + (firstRow + patch) * patches.columns
            for channel in 0..<channels {
                for line in 0..<patchSize {
                    unsafe destination.update(
                        from: source + (channel * side + top + line) * side + left, count: patchSize)
                    unsafe destination += patchSize
                }
            }
        }
    }
}
