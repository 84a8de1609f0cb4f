// SPDX-License-Identifier: MIT

extension UnsafePointer<Float> {
    /// The eight elements from `index` on; no alignment needed.
    @inline(__always)
    func lanes(_ index: Int) -> Lanes {
        unsafe UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self)
    }

    /// The `count` < 8 elements from `index` on, the rest filled with `padding`.
    @inline(__always)
    func lanes(_ index: Int, count: Int, padding: Float = 0) -> Lanes {
        var lanes = Lanes(repeating: padding)
        for lane in 0..<count { unsafe lanes[lane] = self[index + lane] }
        return lanes
    }
}

extension UnsafeMutablePointer<Float> {
    /// The eight elements from `index` on; no alignment needed.
    @inline(__always)
    func lanes(_ index: Int) -> Lanes {
        unsafe UnsafePointer(self).lanes(index)
    }

    /// The `count` < 8 elements from `index` on, the rest filled with `padding`.
    @inline(__always)
    func lanes(_ index: Int, count: Int, padding: Float = 0) -> Lanes {
        unsafe UnsafePointer(self).lanes(index, count: count, padding: padding)
    }

    /// Writes all eight lanes from `index` on.
    @inline(__always)
    func store(_ lanes: Lanes, at index: Int) {
        unsafe UnsafeMutableRawPointer(self + index).storeBytes(of: lanes, as: Lanes.self)
    }

    /// Writes the first `count` < 8 lanes from `index` on.
    @inline(__always)
    func store(_ lanes: Lanes, at index: Int, count: Int) {
        for lane in 0..<count { unsafe self[index + lane] = lanes[lane] }
    }
}
