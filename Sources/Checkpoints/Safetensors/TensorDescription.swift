// SPDX-License-Identifier: MIT
package import Tensors

/// What a safetensors header says about one tensor.
package struct TensorDescription: Sendable, Equatable {
    package let name: String
    package let elementType: ElementType
    package let shape: [Int]
    /// Where the values lie, counted from the start of the data section.
    package let byteRange: Range<Int>

    package init(name: String, elementType: ElementType, shape: [Int], byteRange: Range<Int>) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.byteRange = byteRange
    }

    /// The element type in the word of the format, for example `F16`.
    package var safetensorsType: String { elementType.safetensorsName }

    /// Number of elements: the product of the shape.
    package var elementCount: Int { byteRange.count / elementType.byteCount }
}
