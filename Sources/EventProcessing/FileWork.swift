// SPDX-License-Identifier: MIT
internal import EventStorage
internal import NIOPosix

/// Runs blocking file work on threads of its own, so that a slow disk holds up neither requests nor embeddings.
enum FileWork {
    static func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(StorageError) -> Value
    ) async throws(StorageError) -> Value {
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                Result { () throws(StorageError) in try work() }
            }.get()
        } catch let error as StorageError {
            throw error
        } catch {
            throw .io(detail: "The threads for file work have stopped.")
        }
    }
}
