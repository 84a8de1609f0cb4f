// SPDX-License-Identifier: MIT

extension StoredTensor {
    /// Decodes the elements with row-major indices `elements` to single precision.
    ///
    /// Exact for half, bfloat16 and single precision, including subnormals, infinities and the
    /// payloads of NaN. Double precision and integers round to the nearest single.
    ///
    /// - Precondition: `elements` lies inside the tensor and `destination` has room for as many
    ///   numbers; what is behind them stays.
    /// - Complexity: O(elements). Allocates nothing for a contiguous tensor.
    package func decode(into destination: inout MutableSpan<Float>, elements: Range<Int>) {
        precondition(
            elements.lowerBound >= 0 && elements.upperBound <= elementCount,
            "elements \(elements) of \(name), which has \(elementCount)")
        precondition(
            destination.count >= elements.count,
            "destination holds \(destination.count) numbers, expected \(elements.count)")
        guard !elements.isEmpty else { return }
        // Safe: init checked that every element lies inside bytes; destination's count was checked above.
        unsafe destination.withUnsafeMutableBufferPointer { output in
            guard let target = output.baseAddress, let source = unsafe bytes.buffer.baseAddress else {
                return
            }
            let raw = unsafe UnsafeRawPointer(source)
            if isContiguous {
                let start = unsafe raw + elements.lowerBound * elementType.byteCount
                unsafe decodeRun(
                    elementType, start, strideBytes: elementType.byteCount, target, elements.count)
            } else {
                unsafe decodeStrided(raw, target, elements)
            }
        }
    }

    /// The whole tensor in single precision, row-major.
    package func decoded() -> [Float] {
        let count = elementCount
        var values = [Float](repeating: 0, count: count)
        var span = values.mutableSpan
        decode(into: &span, elements: 0..<count)
        return values
    }

    /// Decodes run by run along the last dimension.
    private func decodeStrided(
        _ base: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, _ elements: Range<Int>
    ) {
        let byteCount = elementType.byteCount
        let runLength = shape[shape.count - 1]
        var element = elements.lowerBound
        while element < elements.upperBound {
            let column = element % runLength
            let length = min(runLength - column, elements.upperBound - element)
            let start = elementOffset(element) * byteCount
            // Safe: element < upperBound, so its offset is inside bytes, and so is the rest of its run.
            unsafe decodeRun(
                elementType, base + start, strideBytes: strides[shape.count - 1] * byteCount,
                target + (element - elements.lowerBound), length)
            element += length
        }
    }

    /// Storage offset, in elements, of the element with row-major index `index`.
    private func elementOffset(_ index: Int) -> Int {
        var rest = index
        var offset = 0
        for axis in shape.indices.reversed() {
            offset += rest % shape[axis] * strides[axis]
            rest /= shape[axis]
        }
        return offset
    }
}

/// Decodes `count` elements that lie `strideBytes` apart, at any alignment.
private func decodeRun(
    _ type: ElementType, _ source: UnsafeRawPointer, strideBytes: Int,
    _ target: UnsafeMutablePointer<Float>, _ count: Int
) {
    // Safe in all cases: the caller checked that source and target hold count elements.
    switch type {
    case .float16:
        if strideBytes == 2 {
            unsafe decodeHalf(source, target, count)
        } else {
            unsafe convert(source, strideBytes, target, count) { (bits: UInt16) in singleFromHalf(bits) }
        }
    case .bfloat16:
        unsafe convert(source, strideBytes, target, count) { (bits: UInt16) in
            Float(bitPattern: UInt32(bits) << 16)
        }
    case .float32:
        unsafe convert(source, strideBytes, target, count) { (bits: UInt32) in Float(bitPattern: bits) }
    case .float64:
        unsafe convert(source, strideBytes, target, count) { (bits: UInt64) in Float(Double(bitPattern: bits))
        }
    case .int64: unsafe convert(source, strideBytes, target, count) { (value: Int64) in Float(value) }
    case .int32: unsafe convert(source, strideBytes, target, count) { (value: Int32) in Float(value) }
    case .int16: unsafe convert(source, strideBytes, target, count) { (value: Int16) in Float(value) }
    case .int8: unsafe convert(source, strideBytes, target, count) { (value: Int8) in Float(value) }
    case .uint8: unsafe convert(source, strideBytes, target, count) { (value: UInt8) in Float(value) }
    case .bool:
        unsafe convert(source, strideBytes, target, count) { (value: UInt8) in value == 0 ? 0 : 1 }
    }
}

@inline(__always)
private func convert<Stored: BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ strideBytes: Int, _ target: UnsafeMutablePointer<Float>, _ count: Int,
    _ decode: (Stored) -> Float
) {
    for index in 0..<count {
        // Safe: see decodeRun; loads at any alignment are allowed.
        let stored = unsafe source.loadUnaligned(fromByteOffset: index * strideBytes, as: Stored.self)
        unsafe target[index] = decode(stored)
    }
}

/// Half precision at any alignment to single precision, eight at a time.
private func decodeHalf(_ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
    let output = UnsafeMutableRawPointer(target)
    var index = 0
    while index &+ 8 <= count {
        // Safe: eight elements from index on are inside both, as tested.
        let bits = unsafe source.loadUnaligned(fromByteOffset: index &* 2, as: SIMD8<UInt16>.self)
        unsafe output.storeBytes(of: singleBits(half: bits), toByteOffset: index &* 4, as: SIMD8<UInt32>.self)
        index &+= 8
    }
    while index < count {
        let bits = unsafe source.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self)
        unsafe target[index] = singleFromHalf(bits)
        index &+= 1
    }
}

/// One half-precision number, exactly.
package func singleFromHalf(_ bits: UInt16) -> Float {
    Float(bitPattern: singleBits(half: SIMD8<UInt16>(repeating: bits))[0])
}

/// Bit patterns of eight half-precision numbers in single precision.
///
/// With the exponent and fraction of a half moved to the places they have in a single, a normal
/// number lacks only the difference of the exponent biases, 127 − 15 = 112. Infinity and NaN need it
/// twice, to reach exponent 255. A subnormal is given exponent 113, that is value 2⁻¹⁴ + v, and
/// 2⁻¹⁴ is subtracted again, which is exact and normalises it. Integer compares are signed because
/// SSE2 has no others; both sides are below 2³¹.
@inline(__always)
func singleBits(half bits: SIMD8<UInt16>) -> SIMD8<UInt32> {
    let wide = SIMD8<Int32>(truncatingIfNeeded: bits)
    let sign = (wide & 0x8000) &<< 16
    let magnitude = (wide & 0x7FFF) &<< 13
    let bias = SIMD8<Int32>(repeating: 112 << 23)
    let smallestNormal = SIMD8<Int32>(repeating: 113 << 23)
    let normal = magnitude &+ bias
    let special = normal &+ bias
    let shifted = unsafe unsafeBitCast(magnitude &+ smallestNormal, to: SIMD8<Float>.self)
    let subnormal = unsafe unsafeBitCast(
        shifted - unsafeBitCast(smallestNormal, to: SIMD8<Float>.self), to: SIMD8<Int32>.self)
    let finite = normal.replacing(with: subnormal, where: magnitude .< (1 << 23))
    let value = finite.replacing(with: special, where: magnitude .>= (31 << 23))
    return SIMD8<UInt32>(truncatingIfNeeded: value | sign)
}
