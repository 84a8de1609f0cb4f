// SPDX-License-Identifier: MIT
internal import CVectorKernels

/// What the members of a team need to compute attention, one part a member.
@safe package struct AttentionWorkspace: ~Copyable {
    let base: UnsafeMutablePointer<Float>
    /// Numbers in one member's part.
    let partLength: Int
    private let memberCount: Int

    /// Room for `memberCount` members that compute attentions of `shape` or with fewer queries.
    package init(_ shape: AttentionShape, headWidth: Int, memberCount: Int) {
        // Whole cache lines, so that members do not share one.
        partLength = (Self.length(shape, headWidth: headWidth) + 15) / 16 * 16
        self.memberCount = memberCount
        let storage = UnsafeMutableRawPointer.allocate(
            byteCount: partLength * memberCount * MemoryLayout<Float>.stride, alignment: 64)
        unsafe base = storage.bindMemory(to: Float.self, capacity: partLength * memberCount)
        unsafe base.initialize(repeating: 0, count: partLength * memberCount)
    }

    deinit {
        unsafe base.deallocate()
    }

    func fits(_ shape: AttentionShape, headWidth: Int, memberCount: Int) -> Bool {
        memberCount <= self.memberCount && partLength >= Self.length(shape, headWidth: headWidth)
    }

    /// What either backend needs; the linked BLAS a square of scores.
    private static func length(_ shape: AttentionShape, headWidth: Int) -> Int {
        max(vector_attention_workspace(shape.tokenCount, headWidth), shape.queryCount * shape.tokenCount)
    }
}

// One owner, as with Matrix; the parts are shared out among the members of a team inside one call.
extension AttentionWorkspace: @unchecked @unsafe Sendable {}
