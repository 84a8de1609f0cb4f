// SPDX-License-Identifier: MIT
package import SystemPackage
import Tensors

/// Checks a weights file from its structure to its values, without running the model.
package struct WeightsVerification: Sendable {
    /// One line of the result.
    package struct Check: Sendable, Equatable {
        package let name: String
        package let passed: Bool
        /// What was found: numbers when passed, the violated rule when not.
        package let detail: String

        package init(name: String, passed: Bool, detail: String) {
            self.name = name
            self.passed = passed
            self.detail = detail
        }
    }

    /// In the order in which they were made; it ends early where later ones would make no sense.
    package private(set) var checks: [Check] = []

    package var allPassed: Bool { checks.allSatisfy(\.passed) }

    /// Makes all checks of the file at `path`.
    ///
    /// Reads the whole file, in pieces.
    package init(opening path: FilePath) {
        let opened = attempt("structure") { () throws(SafetensorsError) in
            let file = try SafetensorsFile(opening: path)
            return (file, "\(file.tensors.count) tensors in \(file.byteCount) bytes, without gap or overlap")
        }
        guard let file = opened else { return }
        let metadata = attempt("metadata") { () throws(WeightsMetadataError) in
            let metadata = try WeightsMetadata(file.metadata)
            return (metadata, "\(metadata.modelName), version \(metadata.modelVersion)")
        }
        let dimensions = attempt("tensors") { () throws(CheckpointError) in
            let dimensions = try WeightsFile.dimensions(of: file)
            return (dimensions, Self.summary(dimensions))
        }
        checkValues(of: file)
        guard let metadata, let dimensions else { return }
        checkHeads(metadata, dimensions)
        checkVocabulary(of: file, dimensions)
        checkHash(of: file, metadata)
    }

    private mutating func attempt<Value, Failure: Error>(
        _ name: String, _ body: () throws(Failure) -> (Value, String)
    ) -> Value? {
        do {
            let (value, detail) = try body()
            checks.append(Check(name: name, passed: true, detail: detail))
            return value
        } catch {
            checks.append(Check(name: name, passed: false, detail: "\(error)"))
            return nil
        }
    }

    private mutating func add(_ name: String, _ passed: Bool, _ detail: String) {
        checks.append(Check(name: name, passed: passed, detail: detail))
    }

    private static func summary(_ dimensions: ModelDimensions) -> String {
        let vision = dimensions.vision
        let image = "image tower \(vision.layerCount) × \(vision.width)"
        guard let text = dimensions.text else { return "\(image), no text tower" }
        return "\(image), text tower \(text.layerCount) × \(text.width)"
    }

    /// NaN and infinity would turn every embedding into nonsense.
    private mutating func checkValues(of file: SafetensorsFile) {
        var values = [Float](repeating: 0, count: 1 << 18)
        var valueCount = 0
        for description in file.tensors where description.elementType.isFloatingPoint {
            let tensor = file[description]
            let total = tensor.elementCount
            for start in stride(from: 0, to: total, by: values.count) {
                let count = min(values.count, total - start)
                var target = values.mutableSpan
                tensor.decode(into: &target, elements: start..<start + count)
                guard FiniteValues.areFinite(values.span.extracting(0..<count)) else {
                    add("values", false, "\(tensor.name) holds NaN or infinity, expected finite numbers.")
                    return
                }
            }
            tensor.bytes.discardPages()
            valueCount += total
        }
        add("values", true, "\(valueCount) numbers, all finite")
    }

    private mutating func checkHeads(_ metadata: WeightsMetadata, _ dimensions: ModelDimensions) {
        let visionFits = dimensions.vision.width.isMultiple(of: metadata.visionHeadCount)
        let textFits =
            switch (dimensions.text, metadata.textHeadCount) {
            case (nil, nil): true
            case (let text?, let count?): text.width.isMultiple(of: count)
            default: false
            }
        let detail =
            "\(metadata.visionHeadCount) in the image tower, \(metadata.textHeadCount ?? 0) in the text tower"
        add("heads", visionFits && textFits, detail)
    }

    private mutating func checkVocabulary(of file: SafetensorsFile, _ dimensions: ModelDimensions) {
        guard file.contains(WeightsMetadata.mergesTensor) else {
            add("vocabulary", true, "none: text cannot be embedded")
            return
        }
        _ = attempt("vocabulary") { () throws(CheckpointError) -> (Int, String) in
            let bytes = try Self.merges(of: file)
            let table = try Vocabulary.table(bytes, tokenCount: dimensions.text?.vocabularySize)
            return (bytes.count, "\(table.mergeCount) merges, \(bytes.count) bytes")
        }
    }

    private static func merges(of file: SafetensorsFile) throws(CheckpointError) -> ByteSlice {
        do {
            return try file.tensor(WeightsMetadata.mergesTensor).bytes
        } catch {
            throw .safetensors(error)
        }
    }

    private mutating func checkHash(of file: SafetensorsFile, _ metadata: WeightsMetadata) {
        var hash = ContentHashes(
            activation: metadata.activation, visionHeadCount: metadata.visionHeadCount,
            textHeadCount: metadata.textHeadCount)
        let tensors = file.tensors.filter { $0.name != WeightsMetadata.mergesTensor }
        for description in tensors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            hash.begin(
                name: description.name, elementType: description.elementType, shape: description.shape)
            let bytes = file[description].bytes
            bytes.withSpan { hash.update($0) }
            bytes.discardPages()
        }
        let found = hash.finalize(stated: metadata.contentSHA256)
        let passed = found == metadata.contentSHA256
        add("content hash", passed, passed ? found : "\(found), expected \(metadata.contentSHA256)")
    }
}
