// SPDX-License-Identifier: MIT
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SystemPackage

/// The requests of one download: what is asked, and what each answer means.
struct FileRequests: Sendable {
    let order: DownloadOrder
    let client: HTTPClient
    let policy: TransferPolicy

    /// Continues with the bytes of an earlier run, or forgets them where they belong to other content.
    func takeOver(
        _ partial: inout PartialFile, report: (DownloadEvent) -> Void
    ) throws(WeightsFetchError) -> TransferState {
        guard let validator = ResumeValidator.load(for: order) else {
            try partial.restart()
            return TransferState(total: order.byteCount, validator: ResumeValidator(order))
        }
        report(.resuming(path: order.partial.string))
        try partial.loadExisting()
        if partial.byteCount > order.byteCount ?? policy.byteLimit { try partial.restart() }
        var state = TransferState(total: order.byteCount, validator: validator)
        state.pieceCount = partial.byteCount > 0 ? 1 : 0
        return state
    }

    /// Asks for what is missing and appends what comes.
    ///
    /// - Throws: What no other attempt can mend.
    func attempt(
        _ partial: inout PartialFile, _ state: inout TransferState, report: (DownloadEvent) -> Void
    ) async throws(WeightsFetchError) -> AttemptOutcome {
        if let total = order.byteCount, partial.byteCount == total { return .complete }
        let asked = state.usesRanges && partial.byteCount > 0
        if !asked, partial.byteCount > 0 { try partial.restart() }
        let response: HTTPClientResponse
        do {
            response = try await respond(rangeFrom: asked ? partial.byteCount : nil, state.validator)
        } catch {
            if let fatal = TransportFailure.fatal(error, host: order.address.host) { throw fatal }
            return .failed(.connection(reason: TransportFailure.reason(error)))
        }
        state.isAnswered = true
        let reading = ResponseReading(order: order, policy: policy, asked: asked)
        switch try reading.judge(response, &partial, &state) {
        case .body(let end):
            return try await receive(response.body, upTo: end, into: &partial, &state, report)
        case .outcome(let outcome): return outcome
        }
    }

    /// The first response that is no redirect.
    private func respond(
        rangeFrom start: Int?, _ validator: ResumeValidator
    ) async throws -> HTTPClientResponse {
        var address = order.address
        for _ in 0...policy.redirectLimit {
            var request = HTTPClientRequest(url: address.url.absoluteString)
            request.headers.add(name: "User-Agent", value: "afterimage")
            // Compression would make positions in the body differ from positions in the file.
            request.headers.add(name: "Accept-Encoding", value: "identity")
            // Only for this very address: a redirect to another host names no user of this one.
            if let user = address.url.user(percentEncoded: false) {
                let password = address.url.password(percentEncoded: false) ?? ""
                request.setBasicAuth(username: user, password: password)
            }
            if let start {
                request.headers.add(name: "Range", value: "bytes=\(start)-")
                if let condition = validator.ifRange {
                    request.headers.add(name: "If-Range", value: condition)
                }
            }
            let response = try await client.execute(request, deadline: .distantFuture)
            guard [301, 302, 303, 307, 308].contains(response.status.code) else { return response }
            guard let location = response.headers.first(name: "Location") else {
                throw WeightsFetchError.redirectWithoutLocation(url: address.redacted)
            }
            address = try address.redirected(to: location)
        }
        throw WeightsFetchError.tooManyRedirects(url: order.address.redacted, limit: policy.redirectLimit)
    }

    /// Appends the body; refuses the byte after `end`.
    private func receive(
        _ body: HTTPClientResponse.Body, upTo end: Int, into partial: inout PartialFile,
        _ state: inout TransferState, _ report: (DownloadEvent) -> Void
    ) async throws(WeightsFetchError) -> AttemptOutcome {
        state.pieceCount += 1
        do {
            for try await chunk in body {
                if Task.isCancelled { throw WeightsFetchError.cancelled }
                guard chunk.readableBytes <= end - partial.byteCount else {
                    partial.discard()
                    ResumeValidator.remove(for: order)
                    throw WeightsFetchError.tooLarge(url: order.address.redacted, limit: end)
                }
                try partial.append(chunk)
                report(.progress(received: partial.byteCount, total: state.total))
            }
        } catch {
            if let fatal = TransportFailure.fatal(error, host: order.address.host) { throw fatal }
            return .failed(.transfer(reason: TransportFailure.reason(error)))
        }
        if Task.isCancelled { throw .cancelled }
        if let total = state.total, partial.byteCount < total {
            return .failed(.transfer(reason: "the connection closed early"))
        }
        return .complete
    }

    // MARK: - After a failure

    /// The error of a download that is given up.
    func givingUp(after failure: TransientFailure, _ state: TransferState, received: Int) -> WeightsFetchError
    {
        switch failure {
        case .connection(let reason) where !state.isAnswered:
            .unreachable(host: order.address.host, attempts: state.failures, reason: reason)
        case .status(let status, let url, _): .httpStatus(url: url, status: status)
        case .connection(let reason), .transfer(let reason):
            .brokenTransfer(
                url: order.address.redacted, attempts: state.failures, received: received, reason: reason)
        }
    }

    /// Time until the next attempt: what the server asks for, and no less than our own delay.
    ///
    /// - Throws: `.retryTooLate` where the server asks for more than the policy allows.
    func delay(after failure: TransientFailure, _ state: TransferState) throws(WeightsFetchError) -> Duration
    {
        let own = policy.delay(afterFailures: state.failuresInRow)
        guard case .status(_, let url, let seconds?) = failure else { return own }
        guard .seconds(seconds) <= policy.longestRequestedDelay else {
            let limit = Int(policy.longestRequestedDelay.components.seconds)
            throw .retryTooLate(url: url, seconds: seconds, limit: limit)
        }
        return max(own, .seconds(seconds))
    }
}
