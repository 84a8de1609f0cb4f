// SPDX-License-Identifier: MIT
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SystemPackage

/// Downloads one file of known content, across broken transfers, restarts of the program and moods of the server.
///
///     order ── GET, Range ──▶ <destination>.partial ── SHA-256 ──▶ fsync, rename ──▶ destination
///
/// Nothing is ever found at the destination but content with an accepted checksum.
package struct WeightsDownload: Sendable {
    let policy: TransferPolicy
    let environment: [String: String]

    /// A download under `policy`; `environment` holds the variables that name a proxy.
    package init(
        policy: TransferPolicy = TransferPolicy(),
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.policy = policy
        self.environment = environment
    }

    /// Downloads, resumes or finds the file of `order`.
    ///
    /// Cancelling the task leaves the partial file, which the next run continues. A file with a wrong checksum is
    /// deleted; if it was put together from several responses it is fetched once more in one piece first.
    ///
    /// - Throws: `.cancelled`, and every other case that the server, the disk or the content can cause.
    package func run(
        _ order: DownloadOrder, report: (DownloadEvent) -> Void = { _ in }
    ) async throws(WeightsFetchError) -> DownloadedFile {
        if let found = try ExistingFile.check(order) { return found }
        let proxy = try ProxyEnvironment(variables: environment).proxy(for: order.address)
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: configuration(proxy: proxy))
        let outcome: Result<DownloadedFile, WeightsFetchError>
        do {
            outcome = .success(try await transfer(order, with: client, report: report))
        } catch {
            outcome = .failure(error)
        }
        // The only error is a second shutdown.
        try? await client.shutdown()
        return try outcome.get()
    }

    private func configuration(proxy: ProxySetting?) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: TimeAmount(policy.connectTimeout), read: TimeAmount(policy.stallTimeout)),
            proxy: proxy?.configuration, decompression: .disabled)
        configuration.httpVersion = .http1Only
        // Retries are counted, delayed and reported here.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func transfer(
        _ order: DownloadOrder, with client: HTTPClient, report: (DownloadEvent) -> Void
    ) async throws(WeightsFetchError) -> DownloadedFile {
        var partial = try PartialFile(locking: order.partial)
        // Another process may have finished the file while this one waited to open it.
        if let found = try ExistingFile.check(order) {
            partial.discard()
            return found
        }
        let requests = FileRequests(order: order, client: client, policy: policy)
        var state = try requests.takeOver(&partial, report: report)
        do {
            try await fill(&partial, &state, from: requests, report: report)
        } catch {
            // Nothing to continue, so nothing to leave.
            if partial.byteCount == 0 { discard(partial, of: order) }
            throw error
        }
        if !order.acceptedHashes.contains(partial.contentHash), state.pieceCount > 1 {
            report(.restarting)
            try partial.restart()
            state = TransferState(total: order.byteCount, validator: ResumeValidator(order))
            try await fill(&partial, &state, from: requests, report: report)
        }
        return try accept(partial, order)
    }

    private func accept(
        _ partial: borrowing PartialFile, _ order: DownloadOrder
    ) throws(WeightsFetchError) -> DownloadedFile {
        let found = partial.contentHash
        guard order.acceptedHashes.contains(found) else {
            discard(partial, of: order)
            let url = order.address.redacted
            if order.acceptedHashes.count == 1 {
                throw .checksumMismatch(url: url, expected: order.acceptedHashes[0], found: found)
            }
            throw .unrecognizedContent(url: url, found: found)
        }
        try partial.finish(as: order.destination)
        ResumeValidator.remove(for: order)
        return DownloadedFile(
            path: order.destination, sha256: found, byteCount: partial.byteCount, isTransferred: true)
    }

    private func discard(_ partial: borrowing PartialFile, of order: DownloadOrder) {
        partial.discard()
        ResumeValidator.remove(for: order)
    }

    /// Sends requests until the file is complete or hope is lost.
    private func fill(
        _ partial: inout PartialFile, _ state: inout TransferState, from requests: FileRequests,
        report: (DownloadEvent) -> Void
    ) async throws(WeightsFetchError) {
        while true {
            let before = partial.byteCount
            let outcome = try await requests.attempt(&partial, &state, report: report)
            guard case .failed(let failure) = outcome else { return }
            if partial.byteCount - before >= policy.progressByteCount { state.failuresInRow = 0 }
            state.failuresInRow += 1
            state.failures += 1
            if state.failuresInRow >= policy.failureLimit || state.failures >= policy.totalFailureLimit {
                throw requests.givingUp(after: failure, state, received: partial.byteCount)
            }
            let delay = try requests.delay(after: failure, state)
            report(.retrying(reason: failure.reason, delay: delay))
            do {
                try await policy.sleep(delay)
            } catch {
                throw .cancelled
            }
        }
    }
}
