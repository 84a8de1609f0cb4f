// SPDX-License-Identifier: MIT
import FoundationEssentials
import SystemPackage
import Tensors

/// A model as it was published: its tensors and everything known about it.
struct CheckpointSource {
    let tensors: [StoredTensor]
    let isTorchScript: Bool
    /// Name of the file, without folders.
    let name: String
    /// SHA-256 of the file; of the joined digests of all files when the model is in several.
    let sha256: String
    /// From config.json beside the weights.
    let configuration: HuggingFaceConfiguration?
    /// From one of our own weights files.
    let metadata: WeightsMetadata?
    /// merges.txt or tokenizer.json beside the weights, or the merges of one of our own files.
    let vocabulary: ByteSlice?

    init(_ path: FilePath) throws(CheckpointError) {
        let isFolder = path.isFolder
        let folder = isFolder ? path : path.removingLastComponent()
        let paths = isFolder ? try Self.weightFiles(in: path) : [path]
        var tensors: [StoredTensor] = []
        var isTorchScript = false
        var metadata: WeightsMetadata?
        var hashes: [String] = []
        for path in paths {
            let file = try Self.map(path)
            if PyTorchArchive.recognizes(file) {
                let archive = try PyTorchArchive(file)
                tensors += archive.tensors
                isTorchScript = archive.kind == .torchScript
            } else {
                let stored = try Self.safetensors(file)
                tensors += stored.tensors.map { stored[$0] }
                metadata = try? WeightsMetadata(stored.metadata)
            }
            hashes.append(ContentHash.sha256(of: file))
        }
        self.tensors = tensors
        self.isTorchScript = isTorchScript
        self.metadata = metadata
        name = (paths.count == 1 ? paths.first : path)?.lastComponent?.string ?? "checkpoint"
        sha256 =
            hashes.count == 1
            ? hashes[0] : ContentHash.sha256(of: ByteSlice(Array(hashes.joined().utf8)))
        configuration = try Self.configuration(in: folder, isFolder: isFolder, tensors)
        let embedded = tensors.first { $0.name == WeightsMetadata.mergesTensor }?.bytes
        vocabulary = (isFolder ? try Self.vocabulary(in: folder) : nil) ?? embedded
    }

    /// merges.txt, or the merges in tokenizer.json, of a Hugging Face folder.
    private static func vocabulary(in folder: FilePath) throws(CheckpointError) -> ByteSlice? {
        let (merges, tokenizer) = (folder.appending("merges.txt"), folder.appending("tokenizer.json"))
        if merges.isFile { return try map(merges) }
        return tokenizer.isFile ? try HuggingFaceTokenizer.merges(in: tokenizer) : nil
    }

    private static func map(_ path: FilePath) throws(CheckpointError) -> ByteSlice {
        do {
            return try ByteSlice(mapping: path)
        } catch {
            throw .cannotOpen(error)
        }
    }

    /// A file that is no archive of PyTorch: safetensors, or nothing known.
    private static func safetensors(_ file: ByteSlice) throws(CheckpointError) -> SafetensorsFile {
        // The header begins with a brace, so anything else is another kind of file.
        if file.count >= 9, file[8] != UInt8(ascii: "{") { throw .formatUnknown }
        do {
            return try SafetensorsFile(file, alignment: .any)
        } catch {
            throw .safetensors(error)
        }
    }

    /// A config.json in the same folder speaks for a single file only if the file has its names.
    private static func configuration(
        in folder: FilePath, isFolder: Bool, _ tensors: [StoredTensor]
    ) throws(CheckpointError) -> HuggingFaceConfiguration? {
        let path = folder.appending("config.json")
        guard path.isFile, isFolder || tensors.contains(where: { $0.name.hasPrefix("vision_model.") }) else {
            return nil
        }
        return try HuggingFaceConfiguration(reading: path)
    }

    /// The files with the weights of a Hugging Face folder, safetensors first.
    private static func weightFiles(in folder: FilePath) throws(CheckpointError) -> [FilePath] {
        for name in ["model.safetensors", "pytorch_model.bin"] {
            let path = folder.appending(name)
            if path.isFile { return [path] }
            let index = folder.appending("\(name).index.json")
            if index.isFile { return try shards(index, in: folder) }
        }
        throw .folderWithoutWeights
    }

    private struct ShardIndex: Decodable {
        let weight_map: [String: String]
    }

    private static func shards(
        _ index: FilePath, in folder: FilePath
    ) throws(CheckpointError) -> [FilePath] {
        let names = Set(try JSONFile.decode(ShardIndex.self, at: index).weight_map.values).sorted()
        return try names.map { name throws(CheckpointError) in
            guard let component = FilePath.Component(name), component.kind == .regular else {
                throw .configurationMalformed(
                    file: index.lastComponent?.string ?? "The index", reason: "it names files elsewhere")
            }
            return folder.appending(component)
        }
    }
}

extension FilePath {
    /// Whether a folder, or a link to one, is at this path.
    var isFolder: Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: string, isDirectory: &isDirectory) && isDirectory
    }

    /// Whether a file, or a link to one, is at this path.
    var isFile: Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: string, isDirectory: &isDirectory) && !isDirectory
    }
}
