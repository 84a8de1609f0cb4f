// SPDX-License-Identifier: MIT
import Embeddings
import Foundation

/// For each of some pictures the others that look most like it.
struct NeighborTable {
    typealias Picture = (source: String, embedding: Embedding)
    typealias Neighbor = (source: String, cosine: Double)

    private let rows: [(source: String, neighbors: [Neighbor])]

    /// Compares every picture with every other; at most `limit` neighbors each, best first, equals in input order.
    init(_ pictures: [Picture], limit: Int) {
        rows = pictures.enumerated().map { index, picture in
            let others = pictures.enumerated().compactMap { other, candidate -> Neighbor? in
                guard other != index else { return nil }
                return picture.embedding.cosineSimilarity(to: candidate.embedding).map {
                    (candidate.source, $0)
                }
            }
            let best = others.enumerated().sorted {
                ($1.element.cosine, $0.offset) < ($0.element.cosine, $1.offset)
            }
            return (picture.source, best.prefix(limit).map(\.element))
        }
    }

    /// Aligned text, one line a pair; the picture's own name stands on the first of its lines.
    var lines: [String] {
        let width = rows.map(\.source.count).max() ?? 0
        return rows.flatMap { row in
            row.neighbors.enumerated().map { rank, neighbor in
                let name = rank == 0 ? row.source : ""
                let cosine = String(format: "%7.4f", neighbor.cosine)
                return
                    "\(name.padding(toLength: width, withPad: " ", startingAt: 0))  \(cosine)  \(neighbor.source)"
            }
        }
    }

    /// One object a picture.
    var jsonLines: [String] {
        rows.map { row in
            let neighbors = row.neighbors.map {
                #"{"source":\#(JSONText.string($0.source)),"cosine":\#(String(format: "%.6f", $0.cosine))}"#
            }
            return
                #"{"source":\#(JSONText.string(row.source)),"neighbors":[\#(neighbors.joined(separator: ","))]}"#
        }
    }
}
