// SPDX-License-Identifier: MIT
import ArgumentParser

/// `afterimage weights`: everything about the model's file.
struct WeightsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weights",
        abstract: "Fetch, convert, make and examine weights.",
        discussion: """
            Commands that compute look for weights in --weights, then AFTERIMAGE_WEIGHTS, then
            $AFTERIMAGE_DATA_DIR/weights/clip-vit-b-32.safetensors, then weights/clip-vit-b-32.safetensors.

            Example:
              afterimage weights synthesize --out weights/clip-vit-b-32.safetensors
            """,
        subcommands: [
            WeightsFetchCommand.self, WeightsConvertCommand.self, WeightsSynthesizeCommand.self,
            WeightsInfoCommand.self,
            WeightsVerifyCommand.self,
        ])
}
