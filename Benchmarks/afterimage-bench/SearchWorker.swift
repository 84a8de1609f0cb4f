// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import TemporalContext
import Tensors

/// Answers requests to search vectors of a file, one JSON object a line, as Benchmarks/peers/search_worker.py does.
///
/// A run searches for each query once, one after the other. The first search after loading is not counted.
struct SearchWorker {
    let vectors: NumericFile
    let queries: [[Float]]
    let threadCount: Int

    struct Request: Decodable {
        var count: Int?
        var runs: Int?
    }

    init(vectors: String, queries: String, threadCount: Int) throws {
        self.vectors = try NumericFile(vectors)
        let queries = try NumericFile(queries)
        guard queries.columns == self.vectors.columns else {
            throw NumericFile.Failure(
                "the queries have \(queries.columns) numbers, the vectors \(self.vectors.columns)")
        }
        self.queries = (0..<queries.rows).map { queries.row($0) }
        self.threadCount = threadCount
    }

    func run() throws {
        var held: (count: Int, collection: VectorCollection, milliseconds: Double)?
        while let line = readLine() {
            let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
            let count = min(request.count ?? vectors.rows, vectors.rows)
            if held?.count != count {
                held = nil
                held = try load(count)
            }
            guard let held else { continue }
            let text = try answer(
                held.collection, count, runs: max(1, request.runs ?? 1), loading: held.milliseconds)
            try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
        }
    }

    private func load(_ count: Int) throws -> (Int, VectorCollection, Double) {
        let collection = VectorCollection(dimension: vectors.columns, threadCount: threadCount)
        let duration = try ContinuousClock().measure {
            for row in 0..<count { _ = try collection.append(vectors.row(row)) }
        }
        if let first = queries.first { _ = collection.search(first, limit: 10) }
        return (count, collection, duration.milliseconds)
    }

    private func answer(
        _ collection: VectorCollection, _ count: Int, runs: Int, loading: Double
    ) throws -> String {
        var times: [Double] = []
        var found: [[Int64]] = []
        for _ in 0..<runs {
            found = queries.map { query in
                var ids: [Int64] = []
                times.append(
                    ContinuousClock().measure { ids = collection.search(query, limit: 10) }.milliseconds)
                return ids
            }
        }
        let sorted = times.sorted()
        let answer: [String: Any] = [
            "engine": "afterimage", "threads": threadCount, "count": count, "load_ms": loading,
            "milliseconds": times,
            "median_ms": sorted.isEmpty ? 0 : sorted[sorted.count / 2], "min_ms": sorted.first ?? 0,
            "top10": found,
        ]
        return String(
            decoding: try JSONSerialization.data(withJSONObject: answer, options: .sortedKeys), as: UTF8.self)
    }
}

/// A matrix of single-precision numbers in a file of numpy's format 1, mapped.
struct NumericFile {
    let rows: Int
    let columns: Int
    private let body: ByteSlice

    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// - Throws: ``Failure`` for anything but float32 in C order with two dimensions.
    init(_ path: String) throws {
        let file = try ByteSlice(mapping: FilePath(path))
        guard file.count > 10, [UInt8](file[0..<6]) == [0x93] + Array("NUMPY".utf8) else {
            throw Failure("\(path) is not a .npy file")
        }
        let length = Int(file.littleEndian(at: 8, as: UInt16.self))
        guard file.count >= 10 + length else { throw Failure("\(path) ends in its header") }
        let header = String(decoding: [UInt8](file[10..<10 + length]), as: UTF8.self)
        let shape = header.firstMatch(of: /'shape': \((\d+), (\d+)\)/)
        guard header.contains("'<f4'"), header.contains("'fortran_order': False"), let shape,
            let rows = Int(shape.1), let columns = Int(shape.2),
            file.count - 10 - length == 4 * rows * columns
        else { throw Failure("\(path) holds \(header), expected float32 of two dimensions") }
        self.rows = rows
        self.columns = columns
        body = file[10 + length..<file.count]
    }

    /// The numbers of a row.
    func row(_ row: Int) -> [Float] {
        let bytes = [UInt8](body[4 * row * columns..<4 * (row + 1) * columns])
        return (0..<columns).map { column in
            let start = 4 * column
            let bits =
                UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2]) << 16
                | UInt32(bytes[start + 3]) << 24
            return Float(bitPattern: bits)
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
    }
}
