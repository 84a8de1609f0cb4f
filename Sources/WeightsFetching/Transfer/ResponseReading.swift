// SPDX-License-Identifier: MIT
import AsyncHTTPClient
import NIOHTTP1

/// What the head of a response means for a file of which some bytes may be there.
struct ResponseReading {
    let order: DownloadOrder
    let policy: TransferPolicy
    /// True where a range was asked for.
    let asked: Bool

    enum Judgement: Equatable {
        /// The body continues the partial file, up to this length at most.
        case body(end: Int)
        case outcome(AttemptOutcome)
    }

    private var url: String { order.address.redacted }

    /// - Throws: What no other attempt can mend.
    func judge(
        _ response: HTTPClientResponse, _ partial: inout PartialFile, _ state: inout TransferState
    ) throws(WeightsFetchError) -> Judgement {
        switch response.status.code {
        case 200: return try whole(response.headers, &partial, &state)
        case 206 where asked: return try part(response.headers, &partial, &state)
        case 416 where asked: return try unsatisfiable(response.headers, &partial, &state)
        case 408, 429, 500, 502, 503, 504:
            let wait = response.headers.first(name: "Retry-After").flatMap {
                RetryAfter.seconds($0, now: policy.now())
            }
            return .outcome(
                .failed(.status(Int(response.status.code), url: url, retryAfter: wait)))
        default: throw .httpStatus(url: url, status: Int(response.status.code))
        }
    }

    /// All content from its first byte: the server knows no ranges, or the content changed.
    private func whole(
        _ headers: HTTPHeaders, _ partial: inout PartialFile, _ state: inout TransferState
    ) throws(WeightsFetchError) -> Judgement {
        let declared = headers.first(name: "Content-Length").flatMap { Int($0) }
        try check(total: declared)
        if partial.byteCount > 0 { try partial.restart() }
        state.pieceCount = 0
        state.total = order.byteCount ?? declared
        state.validator = ResumeValidator(order, headers: headers)
        try state.validator.save(for: order)
        return .body(end: state.total ?? policy.byteLimit)
    }

    /// The range that was asked for, if it is the right one of the right content.
    private func part(
        _ headers: HTTPHeaders, _ partial: inout PartialFile, _ state: inout TransferState
    ) throws(WeightsFetchError) -> Judgement {
        guard let range = headers.first(name: "Content-Range").flatMap(ContentRange.init),
            let bytes = range.bytes, bytes.lowerBound == partial.byteCount
        else {
            state.usesRanges = false
            return .outcome(.failed(.transfer(reason: "the server sent another range than asked for")))
        }
        let tag = headers.first(name: "ETag")
        if let tag, let kept = state.validator.entityTag, tag != kept {
            return try startingOver("the file on the server changed", &partial)
        }
        try check(total: range.total)
        state.total = order.byteCount ?? range.total
        return .body(end: bytes.upperBound + 1)
    }

    /// Nothing lies at or after the position asked for.
    private func unsatisfiable(
        _ headers: HTTPHeaders, _ partial: inout PartialFile, _ state: inout TransferState
    ) throws(WeightsFetchError) -> Judgement {
        let total = headers.first(name: "Content-Range").flatMap(ContentRange.init)?.total
        try check(total: total)
        // With a known length a complete file is never asked about, so this is a file of unknown length.
        if let total, total == partial.byteCount { return .outcome(.complete) }
        return try startingOver("the server refused the range", &partial)
    }

    private func startingOver(
        _ reason: String, _ partial: inout PartialFile
    ) throws(WeightsFetchError) -> Judgement {
        try partial.restart()
        return .outcome(.failed(.transfer(reason: reason)))
    }

    private func check(total: Int?) throws(WeightsFetchError) {
        guard let total else { return }
        if let expected = order.byteCount, total != expected {
            throw .wrongByteCount(url: url, expected: expected, found: total)
        }
        if total > policy.byteLimit { throw .tooLarge(url: url, limit: policy.byteLimit) }
    }
}
