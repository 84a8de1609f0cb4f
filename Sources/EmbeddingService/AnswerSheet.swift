// SPDX-License-Identifier: MIT
internal import Synchronization

/// Collects the outcomes of requests made together, in their order, for the one caller that waits for all of them.
final class AnswerSheet: Sendable {
    private struct Answers {
        var outcomes: [EmbeddingOutcome]
        var missing: Int
    }

    private let answers: Mutex<Answers>
    private let caller: CheckedContinuation<[EmbeddingOutcome], Never>

    /// A sheet for `count` answers, at least one; the last of them resumes `caller`.
    init(count: Int, caller: CheckedContinuation<[EmbeddingOutcome], Never>) {
        precondition(count > 0, "nobody would answer a caller of \(count) requests")
        answers = Mutex(
            Answers(outcomes: Array(repeating: .failure(.cancelled), count: count), missing: count))
        self.caller = caller
    }

    /// Notes the outcome of request `index`; once for each.
    func fill(_ index: Int, _ outcome: EmbeddingOutcome) {
        let complete = answers.withLock { answers -> [EmbeddingOutcome]? in
            answers.outcomes[index] = outcome
            answers.missing -= 1
            return answers.missing == 0 ? answers.outcomes : nil
        }
        if let complete { caller.resume(returning: complete) }
    }
}
