// SPDX-License-Identifier: MIT
internal import Foundation

extension RequestQueue {
    /// The outcomes of `works`, at least one, in their order.
    ///
    /// A caller that is cancelled takes its requests out of the queue, except those the worker has.
    func submit(_ works: [EmbeddingRequest<Input>.Work]) async -> [EmbeddingOutcome] {
        guard !Task.isCancelled else { return works.map { _ in .failure(.cancelled) } }
        let caller = UUID()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let sheet = AnswerSheet(count: works.count, caller: continuation)
                append(
                    works.enumerated().map { index, work in
                        EmbeddingRequest(caller: caller, work: work) { sheet.fill(index, $0) }
                    })
                // A cancellation between the first line and here ran its handler before there was anything to cancel.
                if Task.isCancelled { cancel(caller) }
            }
        } onCancel: {
            cancel(caller)
        }
    }
}
