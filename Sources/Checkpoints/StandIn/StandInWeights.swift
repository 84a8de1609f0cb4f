// SPDX-License-Identifier: MIT
package import SystemPackage
package import Tensors

/// Weights that nobody trained, for tests, benchmarks and demonstrations without a download.
///
/// The same seed, profile and dimensions give the same file, byte for byte, on every machine: values come
/// from an integer generator and exactly rounded arithmetic. All are stored in half precision.
package struct StandInWeights: Sendable {
    /// Values generated, hashed and written at a time.
    private static let pieceLength = 1 << 20

    package let seed: UInt64
    package let profile: StandInProfile
    package let dimensions: StandInDimensions

    package init(seed: UInt64 = 1, profile: StandInProfile = .plain, dimensions: StandInDimensions = .vitB32)
    {
        self.seed = seed
        self.profile = profile
        self.dimensions = dimensions
    }

    /// Names and shapes, in ascending order of the names' bytes.
    package var declarations: [TensorDeclaration] { tensors.map(Self.declaration) }

    /// Half-precision patterns of the tensor called `name`, or nil if there is none.
    package func values(of name: String) -> [UInt16]? {
        guard let tensor = tensors.first(where: { $0.name == name }) else { return nil }
        var values: [UInt16] = []
        forEachPiece(of: tensor) { values += $0 }
        return values
    }

    /// Writes the weights file; it appears at `path` only when it is whole.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - vocabulary: The tokenizer's merges, so that texts can be embedded; all other tensors are as without it.
    /// - Throws: ``CheckpointError`` when the merges do not fit or the file cannot be written.
    package func write(to path: FilePath, vocabulary: ByteSlice) throws(CheckpointError) {
        let merges = try Vocabulary.checked(vocabulary, tokenCount: dimensions.vocabularySize)
        do throws(SafetensorsWriterError) {
            try write(to: path, merges: merges)
        } catch {
            throw .writing(error)
        }
    }

    /// Writes the weights file without merges; it appears at `path` only when it is whole.
    ///
    /// - Throws: ``SafetensorsWriterError`` when the file cannot be written.
    /// - Complexity: O(values); every value is computed twice, for the header's content hash and for the data,
    ///   in exchange for memory of a few megabytes.
    package func write(to path: FilePath) throws(SafetensorsWriterError) {
        try write(to: path, merges: nil)
    }

    private func write(to path: FilePath, merges: ByteSlice?) throws(SafetensorsWriterError) {
        let tensors = tensors
        let declarations =
            tensors.map(Self.declaration) + (merges.map { [Self.declaration(ofMerges: $0)] } ?? [])
        var writer = try SafetensorsWriter(
            creating: path, tensors: declarations, metadata: metadata(tensors).strings)
        for tensor in tensors {
            try forEachPiece(of: tensor) { (piece) throws(SafetensorsWriterError) in
                try writer.append(piece.span, to: tensor.name)
            }
        }
        // Single bytes come after everything larger.
        if let merges { try writer.append(merges, to: WeightsMetadata.mergesTensor) }
        try writer.finish()
    }

    private var tensors: [StandInTensor] {
        StandInTensors(dimensions: dimensions, profile: profile, seed: seed).all
    }

    private func metadata(_ tensors: [StandInTensor]) -> WeightsMetadata {
        let heads = (dimensions.vision.headCount, dimensions.text.headCount)
        var hash = ContentHash(activation: .quickGELU, visionHeadCount: heads.0, textHeadCount: heads.1)
        for tensor in tensors {
            hash.begin(name: tensor.name, elementType: .float16, shape: tensor.shape)
            forEachPiece(of: tensor) { piece in piece.span.withBytes { hash.update($0) } }
        }
        return WeightsMetadata(
            modelName: "clip-ViT-B-32", modelVersion: profile.modelVersion,
            source: "synthesized: profile \(profile.rawValue), seed \(seed)", sourceSHA256: "",
            contentSHA256: hash.finalize(), activation: .quickGELU, visionHeadCount: heads.0,
            textHeadCount: heads.1)
    }

    private func forEachPiece<Failure: Error>(
        of tensor: StandInTensor, _ body: ([UInt16]) throws(Failure) -> Void
    ) throws(Failure) {
        let normals = CounterNormals(seed: seed, name: tensor.name)
        var piece: [UInt16] = []
        piece.reserveCapacity(
            min(Self.pieceLength + tensor.columnCount, tensor.rowCount * tensor.columnCount))
        for row in 0..<tensor.rowCount {
            tensor.appendRow(row, normals, to: &piece)
            guard piece.count >= Self.pieceLength || row == tensor.rowCount - 1 else { continue }
            try body(piece)
            piece.removeAll(keepingCapacity: true)
        }
    }

    private static func declaration(ofMerges merges: ByteSlice) -> TensorDeclaration {
        TensorDeclaration(name: WeightsMetadata.mergesTensor, elementType: .uint8, shape: [merges.count])
    }

    private static func declaration(_ tensor: StandInTensor) -> TensorDeclaration {
        TensorDeclaration(name: tensor.name, elementType: .float16, shape: tensor.shape)
    }
}
