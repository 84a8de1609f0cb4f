// SPDX-License-Identifier: MIT
internal import CSearchKernels

extension VectorBlock {
    /// The rows of a block that take part in a search.
    package enum Selection: Sendable {
        /// The first `count` rows.
        case first(Int)
        /// These rows, ascending.
        case rows([UInt16])

        /// Number of rows.
        package var count: Int {
            switch self {
            case .first(let count): count
            case .rows(let rows): rows.count
            }
        }
    }

    /// Hands the collector every selected row that may be among the best.
    ///
    /// - Parameters:
    ///   - query: What the rows are compared with; of the same dimension.
    ///   - selection: Rows that were published.
    ///   - number: The block's number for the collector.
    ///   - collector: Takes the rows.
    /// - Complexity: Reads 1 byte a number; memory decides.
    package func collect(
        _ query: VectorQuery, _ selection: Selection, as number: Int32,
        into collector: inout CandidateCollector
    ) {
        precondition(
            query.values.count == dimension, "a query of \(query.values.count) for rows of \(dimension)")
        let count = selection.count
        guard count > 0 else { return }
        var offset = 0.0
        for index in 0..<dimension { offset += query.unit[index] * Double(centre[index]) }
        let sums = scan(query, selection)
        // |centre + codes| ≤ 1 + |rest| and |centre| ≤ 1, so that |codes| ≤ 3 with room to spare.
        let queryError = 3 * query.roundingError + 1e-9
        // Safe: selected rows were written before they were published.
        let traits = unsafe self.traits.base.assumingMemoryBound(to: Traits.self)
        for index in 0..<count {
            let row = selection.row(index)
            let trait = unsafe traits[row]
            let middle = offset + Double(trait.step) * query.step * Double(sums[index])
            let error = Double(trait.rest) + queryError
            guard middle + error >= collector.threshold else { continue }
            collector.add(lower: middle - error, upper: middle + error, block: number, row: Int32(row))
        }
    }

    private func scan(_ query: VectorQuery, _ selection: Selection) -> [Int32] {
        let codes = unsafe self.codes.base.assumingMemoryBound(to: UInt8.self)
        return unsafe [Int32](unsafeUninitializedCapacity: selection.count) { sums, count in
            unsafe query.whole.withUnsafeBufferPointer { whole in
                unsafe query.high.withUnsafeBufferPointer { high in
                    unsafe query.low.withUnsafeBufferPointer { low in
                        // Safe: the query's integers are padded to `stride`; rows are below the published count.
                        var integers = unsafe search_query(
                            whole: whole.baseAddress, high: high.baseAddress, low: low.baseAddress,
                            stride: stride)
                        switch selection {
                        case .first(let rows):
                            unsafe search_scan(codes, nil, rows, &integers, sums.baseAddress)
                        case .rows(let rows):
                            unsafe search_scan(codes, rows, rows.count, &integers, sums.baseAddress)
                        }
                    }
                }
            }
            count = selection.count
        }
    }

    /// The cosine of a row and the query, −1…1, in double precision.
    ///
    /// - Returns: nil when the row's floats are not those that were stored: the file they are mapped from is damaged.
    package func cosine(of row: Int, _ query: VectorQuery) -> Double? {
        // Safe: the row was written before it was published.
        let trait = unsafe traits.base.assumingMemoryBound(to: Traits.self)[row]
        return unsafe withExactRow(row) { floats in
            if case .mapped = exact {
                let sum = unsafe search_crc32c(0, floats, dimension * MemoryLayout<Float>.stride)
                guard sum == trait.checksum else { return nil }
            }
            let dot = unsafe search_dot(query.values, floats, dimension)
            return min(1, max(-1, dot / (query.squaredNorm * trait.squaredNorm).squareRoot()))
        }
    }

    /// The numbers of a row as they were stored; nil when the file they are mapped from is damaged.
    package func values(of row: Int) -> [Float]? {
        let trait = unsafe traits.base.assumingMemoryBound(to: Traits.self)[row]
        return unsafe withExactRow(row) { floats in
            let sum = unsafe search_crc32c(0, floats, dimension * MemoryLayout<Float>.stride)
            guard sum == trait.checksum else { return nil }
            return unsafe Array(UnsafeBufferPointer(start: floats, count: dimension))
        }
    }

    /// Lends the floats of a published row.
    private func withExactRow<Value>(_ row: Int, _ body: (UnsafePointer<Float>) -> Value?) -> Value? {
        let offset = row * dimension * MemoryLayout<Float>.stride
        switch exact {
        case .owned(let floats):
            // Safe: the region holds rowCapacity rows.
            return unsafe body((floats.base + offset).assumingMemoryBound(to: Float.self))
        case .mapped(let slice):
            guard offset + dimension * MemoryLayout<Float>.stride <= slice.count else { return nil }
            guard let base = unsafe slice.buffer.baseAddress else { return nil }
            // Safe: the row lies inside the slice, whose start is a multiple of 64 in a mapped file.
            return unsafe (UnsafeRawPointer(base) + offset).withMemoryRebound(
                to: Float.self, capacity: dimension
            ) { unsafe body($0) }
        }
    }
}

extension VectorBlock.Selection {
    fileprivate func row(_ index: Int) -> Int {
        switch self {
        case .first: index
        case .rows(let rows): Int(rows[index])
        }
    }
}
