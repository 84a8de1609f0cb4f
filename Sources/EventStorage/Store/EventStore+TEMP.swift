// SPDX-License-Identifier: MIT
extension EventStore {
    public func returnFreePages(limit: Int) async throws(StorageError) -> Int { 0 }
    public func vacuum() async throws(StorageError) {}
    public func backup(to path: String) async throws(StorageError) {}
    public func integrityProblems() async throws(StorageError) -> [String] { [] }
}
