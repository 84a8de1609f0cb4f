// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Tensors

/// A ``SimilarityFilter`` in the terms of the columns.
struct RowFilter: Sendable {
    private let times: ClosedRange<Int64>
    /// Nil for all cameras; an impossible number for one that has no events.
    private let camera: Int32?
    /// Nil to leave out no camera.
    private let otherCamera: Int32?
    private let objects: UInt8
    private let hours: HourBand?
    private let clock: MinuteClock?
    private let sequences: Set<Int64>?
    private let excluding: Set<Int64>
    private let excludedTimes: ClosedRange<Int64>?
    private let isEmpty: Bool

    /// - Parameters:
    ///   - filter: What to let pass.
    ///   - space: The rows; their times bound the clock.
    ///   - cameras: The numbers of cameras.
    init(_ filter: SimilarityFilter, space: VectorSpace, cameras: CameraNumbers) {
        let first = max(filter.earliest?.microseconds ?? .min, space.chunks.lazy.map(\.earliest).min() ?? 0)
        let last = min(filter.latest?.microseconds ?? .max, space.chunks.lazy.map(\.latest).max() ?? 0)
        isEmpty = first > last
        times = min(first, last)...last
        camera = filter.cameraID.map { cameras.known($0) ?? -1 }
        otherCamera = filter.otherThanCameraID.flatMap { cameras.known($0) }
        objects = UInt8(truncatingIfNeeded: ObjectType.mask(filter.objectTypes))
        hours = filter.hours
        clock = filter.hours.map { _ in
            MinuteClock(
                zone: filter.timeZone, from: Timestamp(microseconds: first), to: Timestamp(microseconds: last)
            )
        }
        sequences = filter.sequences
        excluding = filter.excluding
        excludedTimes = filter.excludedTimes.map { $0.lowerBound.microseconds...$0.upperBound.microseconds }
    }

    /// The rows of a chunk that pass; nil when none does.
    func selection(in chunk: IndexChunk) -> VectorBlock.Selection? {
        guard !isEmpty, chunk.liveCount > 0, chunk.earliest <= times.upperBound,
            chunk.latest >= times.lowerBound
        else { return nil }
        if passesAll(chunk) { return .first(chunk.count) }
        var rows: [UInt16] = []
        rows.reserveCapacity(chunk.count)
        for row in 0..<chunk.count where passes(row, chunk) { rows.append(UInt16(row)) }
        if rows.isEmpty { return nil }
        return rows.count == chunk.count ? .first(rows.count) : .rows(rows)
    }

    /// Whether no row of the chunk needs a look.
    private func passesAll(_ chunk: IndexChunk) -> Bool {
        guard chunk.liveCount == chunk.count, camera == nil, otherCamera == nil, objects == 0, hours == nil,
            sequences == nil,
            excluding.isEmpty
        else { return false }
        if let excludedTimes, excludedTimes.overlaps(chunk.earliest...chunk.latest) { return false }
        return times.contains(chunk.earliest) && times.contains(chunk.latest)
    }

    private func passes(_ row: Int, _ chunk: IndexChunk) -> Bool {
        let timestamp = chunk.timestamps[row]
        guard chunk.isLive[row], times.contains(timestamp) else { return false }
        if let camera, chunk.cameras[row] != camera { return false }
        if let otherCamera, chunk.cameras[row] == otherCamera { return false }
        if objects != 0, chunk.objects[row] & objects == 0 { return false }
        if let excludedTimes, excludedTimes.contains(timestamp) { return false }
        if let hours, let clock, !hours.contains(minute: clock.minuteOfDay(timestamp)) { return false }
        if let sequences, !sequences.contains(chunk.sequences[row]) { return false }
        return !excluding.contains(chunk.sequences[row])
    }
}
