// SPDX-License-Identifier: MIT

/// A named tensor as a file stores it: a view of bytes that keeps the file mapped.
package struct StoredTensor: Sendable {
    package let name: String
    package let elementType: ElementType
    package let shape: [Int]
    /// Elements to step over for the next index of each dimension; not negative.
    package let strides: [Int]
    /// The bytes from the first element on.
    package let bytes: ByteSlice

    /// A row-major tensor without gaps.
    ///
    /// - Precondition: `bytes` holds exactly the elements of `shape`.
    package init(name: String, elementType: ElementType, shape: [Int], bytes: ByteSlice) {
        self.init(
            name: name, elementType: elementType, shape: shape,
            strides: Self.rowMajorStrides(shape), bytes: bytes)
        precondition(
            bytes.count == elementCount * elementType.byteCount,
            "\(name) has \(bytes.count) bytes, expected \(elementCount * elementType.byteCount)")
    }

    /// A tensor with any strides.
    ///
    /// - Precondition: Every element lies inside `bytes`; readers of files check this before.
    package init(name: String, elementType: ElementType, shape: [Int], strides: [Int], bytes: ByteSlice) {
        precondition(shape.count == strides.count, "\(shape.count) dimensions, \(strides.count) strides")
        precondition(
            shape.allSatisfy { $0 >= 0 } && strides.allSatisfy { $0 >= 0 }, "negative shape or stride")
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.strides = strides
        self.bytes = bytes
        let end = elementCount == 0 ? 0 : 1 + zip(shape, strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
        precondition(
            end * elementType.byteCount <= bytes.count,
            "\(name) needs \(end) elements of \(elementType), has \(bytes.count) bytes")
    }

    /// Number of elements: the product of the shape, 1 for a scalar.
    package var elementCount: Int { shape.reduce(1, *) }

    /// Whether elements follow each other in row-major order without gaps.
    package var isContiguous: Bool {
        elementCount == 0
            || zip(zip(shape, strides), Self.rowMajorStrides(shape)).allSatisfy { pair, expected in
                pair.0 == 1 || pair.1 == expected
            }
    }

    /// Strides of a row-major tensor without gaps.
    package static func rowMajorStrides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        // No element, no step; and the product of the other dimensions could exceed 64 bits.
        if shape.contains(0) { return strides }
        for axis in shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * shape[axis + 1]
        }
        return strides
    }
}

extension StoredTensor {
    /// The same elements under another name.
    package func renamed(_ name: String) -> StoredTensor {
        StoredTensor(name: name, elementType: elementType, shape: shape, strides: strides, bytes: bytes)
    }

    /// The same elements in memory of our own, so that the file is not needed any more; its pages are given back.
    ///
    /// - Precondition: The elements follow each other without gaps.
    package func copied() -> StoredTensor {
        precondition(isContiguous, "\(name) has gaps")
        let count = elementCount * elementType.byteCount
        let copy = bytes[0..<count].withSpan { ByteSlice(copying: $0) }
        bytes.discardPages()
        return StoredTensor(name: name, elementType: elementType, shape: shape, bytes: copy)
    }

    /// A matrix with rows and columns exchanged, without moving an element.
    package func transposed() -> StoredTensor {
        StoredTensor(
            name: name, elementType: elementType, shape: shape.reversed(), strides: strides.reversed(),
            bytes: bytes)
    }

    /// Rows `range` of the first dimension, without moving an element.
    package func rows(_ range: Range<Int>) -> StoredTensor {
        precondition(
            !shape.isEmpty && range.lowerBound >= 0 && range.upperBound <= shape[0],
            "rows \(range) of a tensor of shape \(shape)")
        let start = range.isEmpty ? 0 : range.lowerBound * strides[0] * elementType.byteCount
        return StoredTensor(
            name: name, elementType: elementType, shape: [range.count] + shape.dropFirst(),
            strides: strides, bytes: bytes[start..<bytes.count])
    }
}
