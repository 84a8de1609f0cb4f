// SPDX-License-Identifier: MIT
internal import EventStorage
internal import TemporalContext

/// What a search by likeness found, as cards: best first, weak ones apart.
struct LikenessList {
    private(set) var close: [PageView] = []
    private(set) var weak: [PageView] = []
    let comparedCount: Int

    /// Reads the events; those that went while the search ran are left out.
    ///
    /// With `canChoose`, each card can be chosen for the form `group`.
    init(
        _ outcome: SimilarityIndex.Outcome, _ kind: SimilarityIndex.QueryKind, cards: EventCards,
        terms: SearchTerms, store: EventStore, canChoose: Bool = false
    ) async throws(StorageError) {
        comparedCount = outcome.comparedCount
        let events = try await store.events(sequences: outcome.neighbors.map(\.sequence))
        for neighbor in outcome.neighbors {
            guard let event = events[neighbor.sequence], event.timestamp == neighbor.timestamp else {
                continue
            }
            var card = cards.card(event, terms: terms)
            card["showsDay"] = true
            card["isChoice"] = canChoose
            card["likeness"] = Self.mark(neighbor, kind)
            // Once weak, always weak: the word comes from the camera, and may go up again further down.
            if neighbor.likeness.word == .weak || !weak.isEmpty {
                weak.append(card)
            } else {
                close.append(card)
            }
        }
    }

    /// For the template `results`.
    var view: PageView {
        [
            "close": close, "weak": weak, "hasWeak": !weak.isEmpty,
            "none": close.isEmpty
                ? comparedCount == 0
                    ? "There is nothing to compare with: no indexed event fits."
                    : "No close match in \(comparedCount.grouped) indexed event\(comparedCount == 1 ? "" : "s")."
                : nil,
            "summary": close.isEmpty ? nil : summary,
        ]
    }

    private var summary: String {
        if weak.isEmpty, close.count < comparedCount {
            return "The \(close.count.grouped) most alike of \(comparedCount.grouped) indexed events."
        }
        let matches = close.count == 1 ? "1 close match" : "\(close.count.grouped) close matches"
        return "\(matches) in \(comparedCount.grouped) indexed event\(comparedCount == 1 ? "" : "s")."
    }

    private static func mark(_ neighbor: Neighbor, _ kind: SimilarityIndex.QueryKind) -> PageView {
        let (word, tone) =
            switch neighbor.likeness.word {
            case .verySimilar: ("very similar", "strong")
            case .similar: ("similar", "close")
            case .weak: ("weak", "weak")
            }
        var detail = "cosine \(decimals(neighbor.cosine, 3))"
        if let percentile = neighbor.likeness.percentile {
            detail +=
                kind != .text
                ? ", more alike than \(decimals(percentile, 1)) % of unrelated pairs of this camera"
                : ", closer to the words than \(decimals(percentile, 1)) % of this camera's pictures"
        }
        return ["word": word, "tone": tone, "detail": detail]
    }

    /// A number with `count` decimals.
    static func decimals(_ value: Double, _ count: Int) -> String {
        var scale = 1.0
        for _ in 0..<count { scale *= 10 }
        let rounded = (abs(value) * scale).rounded()
        let whole = (rounded / scale).rounded(.down)
        let fraction = String(Int(rounded - whole * scale))
        let padding = String(repeating: "0", count: max(0, count - fraction.count))
        return (value < 0 && rounded > 0 ? "−" : "") + "\(Int(whole)).\(padding)\(fraction)"
    }
}
