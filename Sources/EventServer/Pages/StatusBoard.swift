// SPDX-License-Identifier: MIT
internal import Embeddings
internal import EventProcessing
internal import EventStorage
internal import TemporalContext

/// What every page says about the server's state, at most half a minute old.
///
/// Pages in a row do not wait for it: each gets what was known last, and the next look is taken beside it. The first page
/// after a while waits.
actor StatusBoard {
    /// The state at one moment.
    struct Status: Sendable {
        var version: ModelVersion?
        var statistics: EmbeddingStatistics?
        var cameras: [Camera] = []
        /// Why the database could not be read.
        var problem: String?

        var isStandIn: Bool { version?.isStandIn ?? false }
    }

    private let processor: EventProcessor
    private var status: Status?
    private var takenAt = ContinuousClock.now
    private var isLooking = false

    private static let lifetime = Duration.seconds(2)
    /// Age of what is shown no more.
    private static let longestLifetime = Duration.seconds(30)

    init(processor: EventProcessor) {
        self.processor = processor
    }

    /// What is known; a look that is too old is renewed for the next one.
    func latest() async -> Status {
        guard let status, takenAt.duration(to: .now) < Self.longestLifetime else { return await look() }
        if takenAt.duration(to: .now) > Self.lifetime, !isLooking {
            isLooking = true
            Task { await look() }
        }
        return status
    }

    /// What holds now.
    @discardableResult
    func look() async -> Status {
        isLooking = true
        defer { isLooking = false }
        var fresh = Status()
        fresh.version = processor.modelVersion
        do throws(StorageError) {
            fresh.statistics = try await processor.store.statistics(modelVersion: fresh.version)
            fresh.cameras = try await processor.store.cameras()
        } catch {
            fresh.problem = error.description
        }
        status = fresh
        takenAt = .now
        return fresh
    }
}

extension StatusBoard.Status {
    /// What the search box offers.
    var suggestions: [String] {
        cameras.prefix(50).map { SearchTerms.Term(key: .camera, value: $0.id).text }
            + ObjectType.allCases.map { "label:\($0.rawValue)" }
            + ["after:today", "after:yesterday", "after:7d", "hours:22-05", "state:failed"]
    }

    /// What a page must say at its top.
    func banners(on place: PageSite.Place) -> [PageView] {
        var banners: [PageView] = []
        func add(_ tone: String, _ text: String, linkText: String? = nil) {
            banners.append([
                "tone": tone, "text": text, "linkText": linkText,
                "href": linkText == nil || place == .system ? nil : "/system",
            ])
        }
        if let problem { add("bad", "The database cannot be read: \(problem)") }
        if version == nil {
            add(
                "bad",
                "There are no weights that can be used. Events are stored and listed; they are indexed once there are.",
                linkText: "What to do")
        } else if isStandIn {
            add(
                "warn",
                "Stand-in weights: CLIP's architecture, none of its knowledge. Colours and layout decide what looks "
                    + "alike; searching by words means nothing.", linkText: "Details")
        }
        if let statistics, version != nil {
            let pictured = statistics.totalEvents - statistics.noThumbnail
            if statistics.pending > 0 {
                add(
                    "info",
                    "\(statistics.withEmbeddings.grouped) of \(pictured.grouped) events with a picture are indexed; "
                        + "search looks at those.", linkText: "Progress")
            } else if statistics.failed > 0, place == .timeline {
                add(
                    "info",
                    statistics.failed == 1
                        ? "1 event could not be indexed."
                        : "\(statistics.failed.grouped) events could not be indexed.",
                    linkText: "Reasons")
            }
        }
        return banners
    }
}

extension Int {
    /// Digits in groups of three: `12,345`.
    var grouped: String {
        var text = String(magnitude)
        var place = text.count - 3
        while place > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: place))
            place -= 3
        }
        return (self < 0 ? "−" : "") + text
    }
}
