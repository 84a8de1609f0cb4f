// SPDX-License-Identifier: MIT
import Testing

@testable import WeightsFetching

// One after the other: some rows have a short stall timeout, and a busy machine would look like a stalling server.
@Suite("A download from a hostile server", .serialized)
struct HostileServerTests {
    @Test(
        "ends as it must, with the requests, bytes and files expected", .timeLimit(.minutes(1)),
        arguments: HostileCase.all)
    func ends(_ row: HostileCase) async throws {
        let content = HostileCase.content
        let server = try await HostileServer.start(serving: content, script: row.script)
        let folder = try TemporaryFolder()
        let order = try DownloadOrder(
            address: RemoteAddress(server.url), acceptedHashes: [contentHash(content)],
            byteCount: row.knowsLength ? row.statedLength ?? content.count : nil,
            destination: folder.file("model.bin"))
        var policy = impatientPolicy()
        policy.byteLimit = 1_000_000
        policy.stallTimeout = row.stallTimeout

        let download = WeightsDownload(policy: policy, environment: [:])
        let outcome: Result<DownloadedFile, WeightsFetchError>
        do { outcome = .success(try await download.run(order)) } catch { outcome = .failure(error) }

        switch (row.expected, outcome) {
        case (.success, .success(let file)):
            #expect(file.sha256 == contentHash(content))
            #expect(folder.bytes("model.bin") == content)
        case (.failure(let expected), .failure(let error)):
            #expect(error == expected(server.url, Self.foundHash(error)))
        default: Issue.record("\(outcome)")
        }
        #expect(server.seen.requests.map(\.range) == row.ranges)
        if let sent = row.sent { #expect(server.seen.bodyByteCount == sent) }
        #expect(folder.names == row.left)
        try await server.stop()
    }

    /// The checksum that an error names; of nothing for other errors.
    private static func foundHash(_ error: WeightsFetchError) -> ContentHash {
        guard case .checksumMismatch(_, _, let found) = error else { return contentHash([]) }
        return found
    }
}
