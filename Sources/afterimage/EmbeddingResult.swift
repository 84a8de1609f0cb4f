// SPDX-License-Identifier: MIT
import EmbeddingService

/// The outcome for one input of the command line.
struct EmbeddingResult {
    let source: String
    let outcome: Result<EmbeddingAnswer, CommandFailure>
}

/// What a failed input prints.
struct CommandFailure: Error, Equatable {
    let code: String
    let message: String
}
