// SPDX-License-Identifier: MIT
import Tensors

/// Brings tensors to the form in which a weights file stores them, piece by piece.
struct TensorEncoder {
    /// Elements at a time: 4 MiB in single precision, however large the tensor is.
    private static let pieceCount = 1 << 20

    private var values = [Float](repeating: 0, count: pieceCount)
    private var halves = [UInt16](repeating: 0, count: pieceCount)

    /// Half precision if that loses no bit of any element, else single precision.
    ///
    /// Double precision is rounded to single first, in which the engine computes anyway.
    mutating func losslessType(of tensor: StoredTensor) -> ElementType {
        if tensor.elementType == .float16 { return .float16 }
        var isLossless = true
        forEachPiece(of: tensor) { encoder, count in
            isLossless = isLossless && encoder.encodeHalves(count)
        }
        return isLossless ? .float16 : .float32
    }

    /// Passes the elements, row-major and as `type`, to `body` in pieces.
    ///
    /// - Parameter type: What ``losslessType(of:)`` gave for this tensor.
    mutating func encode<Failure: Error>(
        _ tensor: StoredTensor, as type: ElementType, _ body: (Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        try forEachPiece(of: tensor) { (encoder, count) throws(Failure) in
            if type == .float16 {
                _ = encoder.encodeHalves(count)
                try encoder.halves.span.extracting(0..<count).withBytes(body)
            } else {
                try encoder.values.span.extracting(0..<count).withBytes(body)
            }
        }
    }

    private mutating func encodeHalves(_ count: Int) -> Bool {
        Self.encode(values, count, into: &halves)
    }

    private static func encode(_ values: [Float], _ count: Int, into halves: inout [UInt16]) -> Bool {
        var target = halves.mutableSpan
        return HalfPrecision.encodeLosslessly(values.span.extracting(0..<count), into: &target)
    }

    /// Decodes piece after piece into `values`; gives pages of a mapped source back at the end.
    private mutating func forEachPiece<Failure: Error>(
        of tensor: StoredTensor, _ body: (inout TensorEncoder, Int) throws(Failure) -> Void
    ) throws(Failure) {
        let total = tensor.elementCount
        var start = 0
        while start < total {
            let count = min(Self.pieceCount, total - start)
            decode(tensor, start..<start + count)
            try body(&self, count)
            start += count
        }
        tensor.bytes.discardPages()
    }

    private mutating func decode(_ tensor: StoredTensor, _ elements: Range<Int>) {
        var target = values.mutableSpan
        tensor.decode(into: &target, elements: elements)
    }
}
