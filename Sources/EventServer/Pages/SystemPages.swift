// SPDX-License-Identifier: MIT
internal import EmbeddingService
internal import Embeddings
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import Hummingbird

/// `/system`: what the server runs with, how far indexing is, and what failed.
struct SystemPages: Sendable {
    let site: PageSite
    let retries: RetryRun
    let started = ContinuousClock.now

    var endpoints: [Endpoint] {
        [
            site.endpoint(.get, "/system", answer: system),
            site.endpoint(.post, "/system/retry", answer: retry),
        ]
    }

    @Sendable private func system(_ request: Request, _ context: APIContext) async throws -> Response {
        let isPart = request.uri.query == "part=status"
        let status = await site.board.look()
        var view: PageView = [
            "weights": weights(status), "coverage": coverage(status),
            "chart": SpeedChart(site.processor.speeds.durations).view,
            "failures": try await failures(status), "isRetrying": await retries.isRunning,
            "facts": facts(),
        ]
        if isPart {
            return site.part("status", view, context)
        }
        view["problem"] = status.problem
        return await site.page("system", view, .init(title: "System", place: .system), context)
    }

    private func weights(_ status: StatusBoard.Status) -> PageView {
        let embedder = site.processor.embedder
        let file = embedder.weightsPath.split(separator: "/").last.map(String.init) ?? ""
        let rows: [(String, String)] = [
            ("Version", status.version?.name ?? "none"), ("File", file),
            ("In memory", embedder.isLoaded ? "yes" : "not yet; loaded with the first picture"),
            ("Arithmetic", embedder.arithmetic ?? ""), ("Threads", String(embedder.options.threadCount)),
            (
                "Text search",
                site.likeness.texts.isLoaded ? "text tower in memory" : "text tower loaded on demand"
            ),
        ]
        return [
            "rows": rows.filter { !$0.1.isEmpty }.map { ["name": $0.0, "value": $0.1] as PageView },
            "advice": status.version == nil
                ? "There is no usable weights file “\(file)”. Get one with “afterimage weights fetch”; the server looks "
                    + "for it again by itself."
                : status.isStandIn
                    ? "These are stand-in weights: CLIP's architecture without its knowledge, for tests and "
                        + "demonstrations. Get real ones with “afterimage weights fetch” and start the server with them."
                    : nil,
            "notices": embedder.notices,
        ]
    }

    private func coverage(_ status: StatusBoard.Status) -> PageView? {
        guard let counts = status.statistics else { return nil }
        let pictured = counts.totalEvents - counts.noThumbnail
        let current = max(0, counts.withEmbeddings - counts.stale)
        let rows: [(String, Int, String?)] = [
            ("Events", counts.totalEvents, "/"), ("Indexed with these weights", current, nil),
            ("Indexed with other weights, to be done again", counts.stale, nil),
            ("Waiting", counts.pending, "/?q=state%3Apending"),
            ("Failed", counts.failed, "/?q=state%3Afailed"),
            ("Without a picture", counts.noThumbnail, "/?q=state%3Ano_thumbnail"),
        ]
        return [
            "max": max(1, pictured), "value": current,
            "percent": pictured == 0 ? "100" : String(Int(Double(current) / Double(pictured) * 100)),
            "text": "\(current.grouped) of \(pictured.grouped) events with a picture are indexed.",
            "rows": rows.map { row -> PageView in
                ["name": row.0, "value": row.1.grouped, "href": row.1 > 0 ? row.2 : nil]
            },
        ]
    }

    private func failures(_ status: StatusBoard.Status) async throws(StorageError) -> PageView? {
        guard let counts = status.statistics, counts.failed > 0 else { return nil }
        var filter = EventFilter()
        filter.embeddingState = .failed
        let latest = try await site.store.events(EventQuery(filter: filter, limit: 20)).events
        let cards = site.cards
        return [
            "count": Timeline.count(counts.failed),
            "codes": counts.failuresByCode.sorted { $0.key < $1.key }.map { code, count -> PageView in
                ["code": Self.sentence(code), "count": count.grouped]
            },
            "latest": latest.map { event -> PageView in
                let moment = cards.local(event.timestamp)
                return [
                    "href": PageLocation.path("/events", event.id), "camera": event.cameraName,
                    "iso": event.timestamp.iso8601,
                    "when": "\(moment.shortDay(now: cards.now)) \(moment.clock)",
                    "reason": event.embeddingFailure?.message ?? "unknown reason",
                    "retry": PageLocation.path("/events", event.id, "/retry"),
                ]
            },
        ]
    }

    private static func sentence(_ code: String) -> String {
        switch code {
        case "undecodable_image": "The picture cannot be read"
        case "image_too_large": "The picture is too large"
        case "thumbnail_missing": "The picture's file is missing"
        case "weights_missing": "There were no weights"
        case "engine_error": "The engine failed"
        default: code
        }
    }

    private func facts() -> [PageView] {
        let seconds = started.duration(to: .now).components.seconds
        let days = site.processor.options.retentionDays
        let size = (try? FileManager.default.attributesOfItem(atPath: site.store.path)[.size] as? Int) ?? nil
        let facts: [(String, String)] = [
            (
                "Retention",
                days > 0
                    ? "events are deleted after \(days) day\(days == 1 ? "" : "s")"
                    : "events are kept for good"
            ),
            ("Database", size.map { "\(max(1, $0 >> 20).grouped) MB" } ?? "unknown"),
            ("Memory in use", "\(Int(ProcessUsage.current.residentBytes >> 20).grouped) MB"),
            ("Running for", Self.span(Int(seconds))), ("Version", site.version),
            ("Time zone", site.timeZone.identifier),
        ]
        return facts.map { ["name": $0.0, "value": $0.1] }
    }

    private static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    @Sendable private func retry(_ request: Request, _ context: APIContext) async throws -> Response {
        _ = try await site.form(of: request)
        await retries.start(site.processor, board: site.board)
        return PageSite.redirect(to: "/system")
    }
}

/// A run over all events that wait or failed, beside the requests; one at a time.
actor RetryRun {
    private(set) var isRunning = false

    /// Begins a run, unless there is one.
    func start(_ processor: EventProcessor, board: StatusBoard) {
        guard !isRunning else { return }
        isRunning = true
        Task {
            await Self.run(processor)
            isRunning = false
            await board.look()
        }
    }

    private static func run(_ processor: EventProcessor) async {
        guard let counts = try? await processor.store.statistics(modelVersion: processor.modelVersion) else {
            return
        }
        // Each event once: those tried least come first, so that a hundred at a time reaches all of them.
        for _ in 0..<(counts.failed + counts.pending + counts.stale + 99) / 100 {
            guard let outcome = try? await processor.embedBatch(limit: 100, retriesFailed: true),
                outcome.total > 0
            else { return }
        }
    }
}
