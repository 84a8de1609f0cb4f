// SPDX-License-Identifier: MIT
import Foundation

/// Where weights are looked for.
enum WeightsLocation {
    static let fileName = "clip-vit-b-32.safetensors"

    /// The first of: the option, `AFTERIMAGE_WEIGHTS`, the data directory's file if it is there, the working
    /// directory's file.
    static func resolve(
        _ option: String?, dataDirectory: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        if let option { return option }
        if let path = environment["AFTERIMAGE_WEIGHTS"], !path.isEmpty { return path }
        if let directory = dataDirectory ?? environment["AFTERIMAGE_DATA_DIR"], !directory.isEmpty {
            let path = "\(directory)/weights/\(fileName)"
            if FileManager.default.fileExists(atPath: path) { return path }
        }
        return "weights/\(fileName)"
    }
}
