// SPDX-License-Identifier: MIT
import Tensors

extension PickleTensor {
    /// The tensor as a view of the bytes of its storage, every claim checked.
    ///
    /// A view may not have more elements than its storage: no saved weight repeats elements, and a
    /// stride of zero would turn a few bytes into any amount of memory.
    func stored(_ name: String, in bytes: ByteSlice) throws(CheckpointError) -> StoredTensor {
        let (storageByteCount, overflowed) = storage.elementCount.multipliedReportingOverflow(
            by: storage.elementType.byteCount)
        guard !overflowed, storageByteCount <= bytes.count else { throw .storageDamaged(key: storage.key) }
        guard shape.count == strides.count, offset >= 0, shape.allSatisfy({ $0 >= 0 }),
            strides.allSatisfy({ $0 >= 0 }), let end, end <= storage.elementCount,
            let elementCount, elementCount <= storage.elementCount
        else { throw .tensorOutOfBounds(tensor: name) }
        let start = elementCount == 0 ? 0 : offset * storage.elementType.byteCount
        return StoredTensor(
            name: name, elementType: storage.elementType, shape: shape, strides: strides,
            bytes: bytes[start..<storageByteCount])
    }

    /// Product of the shape; nil beyond 63 bits.
    private var elementCount: Int? {
        if shape.contains(0) { return 0 }
        var count = 1
        for dimension in shape {
            let (product, overflowed) = count.multipliedReportingOverflow(by: dimension)
            guard !overflowed else { return nil }
            count = product
        }
        return count
    }

    /// One more than the storage index of the last element, 0 without elements; nil beyond 63 bits.
    private var end: Int? {
        if shape.contains(0) { return 0 }
        var last = offset
        for (dimension, stride) in zip(shape, strides) {
            let (step, overflowed) = (dimension - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflowedAgain) = last.addingReportingOverflow(step)
            guard !overflowed, !overflowedAgain, sum < .max else { return nil }
            last = sum
        }
        return last + 1
    }
}
