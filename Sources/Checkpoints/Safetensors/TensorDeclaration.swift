// SPDX-License-Identifier: MIT
package import Tensors

/// A tensor that is going to be written: everything but its values.
package struct TensorDeclaration: Sendable, Equatable {
    package let name: String
    package let elementType: ElementType
    package let shape: [Int]

    package init(name: String, elementType: ElementType, shape: [Int]) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
    }

    /// Number of bytes of the values.
    package var byteCount: Int { shape.reduce(elementType.byteCount, *) }
}
