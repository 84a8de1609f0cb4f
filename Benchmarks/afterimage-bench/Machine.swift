// SPDX-License-Identifier: MIT
import Foundation
import Tensors

/// What the figures were taken on.
struct Machine: Codable {
    var processor: String
    var cores: Int
    var system: String
    var blas: String
    var blasCore: String

    enum CodingKeys: String, CodingKey {
        case processor, cores, system, blas
        case blasCore = "blas_core"
    }

    static var current: Machine {
        let cpu = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = cpu.split(separator: "\n").first { $0.hasPrefix("model name") }
        return Machine(
            processor: model?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
                ?? "unknown",
            cores: ProcessInfo.processInfo.activeProcessorCount,
            system: ProcessInfo.processInfo.operatingSystemVersionString,
            blas: BLAS.configuration.trimmingCharacters(in: .whitespaces), blasCore: BLAS.coreName)
    }
}
