// SPDX-License-Identifier: MIT
internal import Synchronization

/// Resampling states of the picture sizes met last, each in the hands of one thread at a time.
///
/// Cameras send pictures of the same size again and again: their weights need not be computed and their memory
/// not be allocated anew.
final class ResamplingPool: Sendable {
    /// States that are kept, at most, whether in use or not: one for each thread and size.
    static let capacity = 16
    /// Bytes that all of them may hold; one for 1920 × 1080 pixels holds 0.9 MB.
    static let maximumByteCount = 16 << 20

    private final class Entry: Sendable {
        let source: ImageDimensions
        let byteCount: Int
        let state: Mutex<ResamplingState>

        init?(_ source: ImageDimensions, _ make: (ImageDimensions) -> ResamplingState?) {
            guard let state = make(source) else { return nil }
            self.source = source
            byteCount = state.byteCount
            self.state = Mutex(state)
        }
    }

    private let entries = Mutex<[Entry]>([])

    /// Runs `body` with a state for pictures of `source`, one that is kept and idle or a new one.
    ///
    /// - Returns: What `body` returns; nil when there is no state and `make` gives nil for want of memory.
    func withState<Failure: Error>(
        for source: ImageDimensions, _ make: (ImageDimensions) -> ResamplingState?,
        _ body: @Sendable (inout ResamplingState) throws(Failure) -> PixelTensor
    ) throws(Failure) -> PixelTensor? {
        for entry in entries.withLock(\.self) where entry.source == source {
            let tensor = try entry.state.withLockIfAvailable { state throws(Failure) in try body(&state) }
            if let tensor { return tensor }
        }
        guard let entry = Entry(source, make) else { return nil }
        defer { keep(entry) }
        return try entry.state.withLock { state throws(Failure) in try body(&state) }
    }

    /// Lets go of the oldest while there are too many or too large ones; threads that use one do so to the end.
    private func keep(_ entry: Entry) {
        entries.withLock { entries in
            entries.append(entry)
            var byteCount = entries.reduce(0) { $0 + $1.byteCount }
            while entries.count > Self.capacity || byteCount > Self.maximumByteCount {
                byteCount -= entries.removeFirst().byteCount
            }
        }
    }
}
