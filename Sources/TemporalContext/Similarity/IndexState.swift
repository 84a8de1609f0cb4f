// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Tensors

/// All vectors that are known, and how far the log has been followed.
struct IndexState: Sendable {
    private(set) var spaces: [VectorSpace] = []
    private(set) var cameras = CameraNumbers()
    /// Rows whose stored text is not a vector, or a vector without a direction.
    private(set) var malformed: Set<Int64> = []
    /// Where each event's vector is: number of the space, and place in it.
    private var places: [Int64: (space: Int32, place: VectorSpace.Place)] = [:]
    /// Changes up to here are in.
    var position = ChangePosition.start

    /// Vectors that take part in searches.
    var count: Int { places.count }

    /// The vectors of a version with this dimension; nil when there are none.
    func space(version: String, dimension: Int) -> VectorSpace? {
        spaces.first { $0.version == version && $0.dimension == dimension }
    }

    /// Takes these events' vectors out, and in again what the table has for them now.
    mutating func update(events sequences: [Int64], to vectors: [StoredVector]) throws(VectorMemoryError) {
        for sequence in sequences { remove(sequence) }
        for vector in vectors { try insert(vector) }
        for space in spaces.indices {
            for chunk in spaces[space].sparseChunks { try drain(space, chunk) }
        }
    }

    /// Adds a vector, in place of an earlier one of the same event.
    mutating func insert(_ vector: StoredVector) throws(VectorMemoryError) {
        remove(vector.sequence)
        guard let values = vector.values, VectorQuery.hasDirection(values) else {
            malformed.insert(vector.sequence)
            return
        }
        let space = number(ofSpace: vector.modelVersion, dimension: values.count)
        let place = try spaces[space].append(
            values, sequence: vector.sequence, timestamp: vector.timestamp.microseconds,
            camera: cameras.number(of: vector.cameraID), objects: UInt8(truncatingIfNeeded: vector.objectMask)
        )
        if let place { places[vector.sequence] = (Int32(space), place) }
    }

    /// Adds a chunk, as a cache keeps it; the rows of one that is far from full go to an open one.
    ///
    /// - Returns: False when one of these rows is damaged.
    mutating func restore(_ chunk: IndexChunk, version: String) throws(VectorMemoryError) -> Bool {
        let space = number(ofSpace: version, dimension: chunk.block.dimension)
        guard chunk.count >= VectorBlock.rowCapacity / 2 else {
            for row in 0..<chunk.count {
                guard let values = chunk.block.values(of: row),
                    let place = try spaces[space].append(
                        values, sequence: chunk.sequences[row], timestamp: chunk.timestamps[row],
                        camera: chunk.cameras[row], objects: chunk.objects[row])
                else { return false }
                places[chunk.sequences[row]] = (Int32(space), place)
            }
            return true
        }
        let number = Int32(spaces[space].chunks.count)
        spaces[space].append(chunk)
        for row in 0..<chunk.count where chunk.isLive[row] {
            places[chunk.sequences[row]] = (Int32(space), VectorSpace.Place(chunk: number, row: Int32(row)))
        }
        return true
    }

    /// Takes over the numbers of cameras and the malformed rows that a cache keeps, before its chunks.
    mutating func restore(cameraNames: [String], malformed: [Int64]) {
        cameras = CameraNumbers(names: cameraNames)
        self.malformed = Set(malformed)
    }

    private mutating func remove(_ sequence: Int64) {
        malformed.remove(sequence)
        guard let found = places.removeValue(forKey: sequence) else { return }
        spaces[Int(found.space)].remove(found.place)
    }

    private mutating func number(ofSpace version: String, dimension: Int) -> Int {
        if let known = spaces.firstIndex(where: { $0.version == version && $0.dimension == dimension }) {
            return known
        }
        spaces.append(VectorSpace(version: version, dimension: dimension))
        return spaces.count - 1
    }

    /// Moves the rows that are left in a chunk to the open one, and gives its memory back.
    private mutating func drain(_ space: Int, _ number: Int) throws(VectorMemoryError) {
        let chunk = spaces[space].chunks[number]
        for row in 0..<chunk.count where chunk.isLive[row] {
            // A damaged row stays where it is; the search that meets it has the table read.
            guard let values = chunk.block.values(of: row) else { return }
            let moved = try spaces[space].append(
                values, sequence: chunk.sequences[row], timestamp: chunk.timestamps[row],
                camera: chunk.cameras[row], objects: chunk.objects[row])
            guard let moved else { return }
            spaces[space].remove(VectorSpace.Place(chunk: Int32(number), row: Int32(row)))
            places[chunk.sequences[row]] = (Int32(space), moved)
        }
        try spaces[space].release(chunk: number)
    }
}
