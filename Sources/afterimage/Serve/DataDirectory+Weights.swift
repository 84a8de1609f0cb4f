// SPDX-License-Identifier: MIT
import Checkpoints
import EventServer
import Foundation
import SystemPackage

extension DataDirectory {
    /// The directory of the option, else of `AFTERIMAGE_DATA_DIR`, else `data`.
    init(option: String?, environment: [String: String] = ProcessInfo.processInfo.environment) {
        let variable = environment["AFTERIMAGE_DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        self.init(option ?? variable ?? "data")
    }

    /// Where weights are looked for: the option or variable, this directory, the working directory.
    ///
    /// When there are none, the place in this directory, so that weights which come later are found there.
    func weights(option: String?) -> String {
        if let option { return option }
        let own = "\(weights)/\(WeightsLocation.fileName)"
        let working = "weights/\(WeightsLocation.fileName)"
        return !FileManager.default.fileExists(atPath: own) && FileManager.default.fileExists(atPath: working)
            ? working : own
    }

    /// The stand-in weights of this directory, made when they are missing.
    func standInWeights(onMaking: () -> Void) throws(DataDirectoryError) -> String {
        let file = "\(weights)/stand-in-vit-b-32.safetensors"
        if FileManager.default.fileExists(atPath: file) { return file }
        onMaking()
        do {
            try FileManager.default.createDirectory(atPath: weights, withIntermediateDirectories: true)
            try StandInWeights(seed: 1, profile: .plain).write(to: FilePath(file))
        } catch {
            throw .cannotCreate(weights)
        }
        return file
    }
}
