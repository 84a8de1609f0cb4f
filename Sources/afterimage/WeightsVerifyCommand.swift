// SPDX-License-Identifier: MIT
import ArgumentParser
import CLIP
import Checkpoints
import Foundation
import SystemPackage

/// `afterimage weights verify`: everything that can be checked about a weights file, a line each.
struct WeightsVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a weights file: structure, values, hash, and a forward pass against a naive one.",
        discussion: """
            Takes several seconds. Exit code 1 when a check fails.

            Example:
              afterimage weights verify weights/clip-vit-b-32.safetensors
            """)

    @Argument(help: ArgumentHelp("Weights file.", valueName: "file"))
    var path: String

    func run() throws {
        var checks = WeightsVerification(opening: FilePath(path)).checks
        for check in checks { Self.print(check) }
        if checks.allSatisfy(\.passed) {
            for check in Self.forwardPasses(of: path) {
                Self.print(check)
                checks.append(check)
            }
        }
        guard checks.allSatisfy(\.passed) else { throw ExitCode(1) }
    }

    /// One check of each tower in the file.
    private static func forwardPasses(of path: String) -> [WeightsVerification.Check] {
        let image = forwardPass("forward pass", of: path) { file throws(WeightError) in
            try ForwardSelfTest(file)
        }
        guard let file = try? WeightsFile(opening: FilePath(path)), file.dimensions.text != nil else {
            return [image]
        }
        let text = forwardPass("text forward pass", of: path) { file throws(WeightError) in
            try ForwardSelfTest(textOf: file)
        }
        return [image, text]
    }

    private static func forwardPass(
        _ name: String, of path: String,
        _ run: (SafetensorsFile) throws(WeightError) -> ForwardSelfTest
    ) -> WeightsVerification.Check {
        do {
            let test = try run(try SafetensorsFile(opening: FilePath(path)))
            let detail = String(
                format: "1 − cosine %.1e, largest difference %.1e of the norm, against the naive twin",
                1 - test.cosine, test.largestDifference)
            return .init(name: name, passed: test.passed, detail: detail)
        } catch {
            return .init(name: name, passed: false, detail: "\(error)")
        }
    }

    private static func print(_ check: WeightsVerification.Check) {
        Swift.print("\(check.passed ? "ok    " : "failed") \(check.name): \(check.detail)")
    }
}
