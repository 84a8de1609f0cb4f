// SPDX-License-Identifier: MIT
package import SystemPackage
package import Tensors

/// Writes a safetensors file tensor by tensor, and lets it appear only when it is whole.
///
/// The values go to a temporary file in the same folder. ``finish()`` syncs it, renames it over the
/// destination and syncs the folder, so that a reader, even one that has the old file mapped, sees
/// either the old file or the new one. A writer given up before that removes its temporary file.
///
/// The bytes depend on the declarations, metadata and values alone: tensors are ordered by element
/// size, largest first, then by name; metadata by key; the header is padded with spaces to a
/// multiple of 64 bytes. So every tensor is aligned to its elements.
package struct SafetensorsWriter: ~Copyable {
    /// The tensors in the order in which their values must be appended.
    package let tensors: [TensorDescription]

    private var file: AtomicFile
    private var next = 0
    private var missingByteCount: Int

    /// Creates the temporary file and writes the header.
    ///
    /// - Parameters:
    ///   - path: Destination; its folder must exist.
    ///   - declarations: All tensors, in any order.
    ///   - metadata: Strings for the header's `__metadata__`; left out when empty.
    package init(
        creating path: FilePath, tensors declarations: [TensorDeclaration], metadata: [String: String] = [:]
    ) throws(SafetensorsWriterError) {
        let tensors = try Self.layOut(declarations)
        let header = SafetensorsHeaderFormat.header(tensors, metadata)
        guard header.count - 8 <= SafetensorsHeader.byteLimit else {
            throw .headerTooLarge(byteCount: header.count - 8)
        }
        let file = try AtomicFile(replacing: path)
        // Safe: UInt8 has no padding.
        try unsafe file.write(header.span.bytes)
        self.tensors = tensors
        self.file = file
        missingByteCount = tensors.first?.byteRange.count ?? 0
    }

    /// Appends values of the tensor called `name`, which must be the next one in ``tensors``.
    ///
    /// May be called several times for one tensor, with pieces of any length.
    package mutating func append(_ bytes: Span<UInt8>, to name: String) throws(SafetensorsWriterError) {
        // Safe: UInt8 has no padding.
        try unsafe append(raw: bytes.bytes, to: name)
    }

    /// Appends single-precision values of the tensor called `name`.
    package mutating func append(_ values: Span<Float>, to name: String) throws(SafetensorsWriterError) {
        // Safe: Float has no padding.
        try unsafe append(raw: values.bytes, to: name)
    }

    /// Appends 16-bit patterns, half precision or bfloat16, of the tensor called `name`.
    package mutating func append(_ patterns: Span<UInt16>, to name: String) throws(SafetensorsWriterError) {
        // Safe: UInt16 has no padding.
        try unsafe append(raw: patterns.bytes, to: name)
    }

    /// Appends bytes of the tensor called `name`, for example a part of another file.
    package mutating func append(_ bytes: ByteSlice, to name: String) throws(SafetensorsWriterError) {
        try bytes.withSpan { (span) throws(SafetensorsWriterError) in try append(span, to: name) }
    }

    private mutating func append(raw bytes: RawSpan, to name: String) throws(SafetensorsWriterError) {
        skipCompleted()
        // An empty tensor is passed already; an empty piece for it is no mistake.
        if bytes.isEmpty { return }
        guard next < tensors.count, tensors[next].name == name else {
            let expected = next < tensors.count ? tensors[next].name : nil
            throw .unexpectedTensor(expected: expected, found: name)
        }
        guard bytes.byteCount <= missingByteCount else {
            let expected = tensors[next].byteRange.count
            throw .tooManyBytes(
                tensor: name, expected: expected, found: expected - missingByteCount + bytes.byteCount)
        }
        try file.write(bytes)
        missingByteCount -= bytes.byteCount
    }

    /// Makes the file durable and visible under its name.
    ///
    /// - Throws: `.incomplete` when values are missing; the destination is then untouched.
    package consuming func finish() throws(SafetensorsWriterError) {
        skipCompleted()
        guard next == tensors.count else {
            throw .incomplete(tensor: tensors[next].name, missingByteCount: missingByteCount)
        }
        try file.commit()
    }

    /// Moves on to the first tensor that still lacks bytes.
    private mutating func skipCompleted() {
        while next < tensors.count, missingByteCount == 0 {
            next += 1
            missingByteCount = next < tensors.count ? tensors[next].byteRange.count : 0
        }
    }

    private static func layOut(
        _ declarations: [TensorDeclaration]
    ) throws(SafetensorsWriterError) -> [TensorDescription] {
        var names: Set<String> = []
        for declaration in declarations where !names.insert(declaration.name).inserted {
            throw .duplicateTensor(name: declaration.name)
        }
        guard !names.contains("__metadata__") else { throw .reservedName }
        var end = 0
        var tensors: [TensorDescription] = []
        for declaration in declarations.sorted(by: precedes) {
            let start = end
            end = try checkedEnd(of: declaration, from: start)
            tensors.append(
                TensorDescription(
                    name: declaration.name, elementType: declaration.elementType, shape: declaration.shape,
                    byteRange: start..<end))
        }
        return tensors
    }

    private static func precedes(_ a: TensorDeclaration, _ b: TensorDeclaration) -> Bool {
        if a.elementType.byteCount != b.elementType.byteCount {
            return a.elementType.byteCount > b.elementType.byteCount
        }
        return a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }

    private static func checkedEnd(
        of declaration: TensorDeclaration, from start: Int
    ) throws(SafetensorsWriterError) -> Int {
        let problem = SafetensorsWriterError.shapeUnusable(tensor: declaration.name, shape: declaration.shape)
        var byteCount = declaration.elementType.byteCount
        for dimension in declaration.shape {
            let (product, overflowed) = byteCount.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflowed else { throw problem }
            byteCount = product
        }
        let (end, overflowed) = start.addingReportingOverflow(byteCount)
        guard !overflowed else { throw problem }
        return end
    }
}
