// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import TemporalContext

/// The search box's terms as filters, with what is wrong with them.
struct EventSearch: Sendable {
    let terms: SearchTerms
    /// For listings.
    private(set) var filter = EventFilter()
    /// For likeness; holds the hours too.
    private(set) var likeness = SimilarityFilter()
    /// Sentences about terms that are wrong; these do not restrict.
    private(set) var issues: [String] = []

    init(_ terms: SearchTerms, cameras: [Camera], timeZone: TimeZone, now: Timestamp = .now()) {
        self.terms = terms
        likeness.timeZone = timeZone
        for term in terms.terms { apply(term, cameras, timeZone, now) }
        likeness.cameraID = filter.cameraID
        likeness.objectTypes = filter.objectTypes
        likeness.earliest = filter.startTime
        likeness.latest = filter.endTime
    }

    private mutating func apply(
        _ term: SearchTerms.Term, _ cameras: [Camera], _ timeZone: TimeZone, _ now: Timestamp
    ) {
        switch term.key {
        case .camera: filter.cameraID = Self.camera(term.value, among: cameras)
        case .label: applyLabels(term.value)
        case .after:
            guard let moment = Self.moment(term.value, timeZone, now) else { return reportDate(term) }
            narrow(from: moment)
        case .before:
            guard let moment = Self.moment(term.value, timeZone, now) else { return reportDate(term) }
            narrow(to: moment.justBefore)
        case .day:
            let day = Self.day(term.value, timeZone, now)
            guard let start = LocalMoment.start(ofDay: day, in: timeZone),
                let end = LocalMoment.end(ofDay: day, in: timeZone)
            else { return reportDate(term) }
            narrow(from: start)
            narrow(to: end.justBefore)
        case .hours:
            guard let band = HourBand(term.value) else {
                issues.append("hours: is a part of the day, such as hours:22-05 or hours:06:30-08:15.")
                return
            }
            likeness.hours = band
        case .state:
            guard let state = EmbeddingState(rawValue: term.value) else {
                issues.append("state: is one of \(Self.list(EmbeddingState.self)).")
                return
            }
            filter.embeddingState = state
        case .visitor: filter.entityID = term.value
        case .like: break
        }
    }

    private mutating func applyLabels(_ text: String) {
        let labels = text.split(separator: ",").map { ObjectType(rawValue: $0.lowercased()) }
        guard !labels.isEmpty, !labels.contains(nil) else {
            issues.append("label: is one of \(Self.list(ObjectType.self)).")
            return
        }
        filter.objectTypes = labels.compactMap(\.self)
    }

    private mutating func narrow(from moment: Timestamp) {
        filter.startTime = max(moment, filter.startTime ?? moment)
    }

    private mutating func narrow(to moment: Timestamp) {
        filter.endTime = min(moment, filter.endTime ?? moment)
    }

    private mutating func reportDate(_ term: SearchTerms.Term) {
        issues.append(
            "\(term.key.rawValue): is a day such as 2026-05-14, a time such as 2026-05-14T18:00, today, yesterday, or "
                + "a while ago such as 7d or 12h.")
    }

    private static func list<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> String {
        type.allCases.map(\.rawValue).joined(separator: ", ")
    }

    /// A camera by its identifier, by its name, or by a part of the name that no other has, in letters of any case; what
    /// is none of these finds nothing.
    private static func camera(_ text: String, among cameras: [Camera]) -> String {
        if cameras.contains(where: { $0.id == text }) { return text }
        let lowered = text.lowercased()
        if let named = cameras.first(where: { $0.name.lowercased() == lowered }) { return named.id }
        let similar = cameras.filter { $0.name.lowercased().contains(lowered) }
        return similar.count == 1 ? similar[0].id : text
    }

    private static func day(_ text: String, _ timeZone: TimeZone, _ now: Timestamp) -> String {
        switch text.lowercased() {
        case "today": LocalMoment(now, in: timeZone).day
        case "yesterday": LocalMoment(now.adding(seconds: -86_400), in: timeZone).day
        default: text
        }
    }

    private static func moment(_ text: String, _ timeZone: TimeZone, _ now: Timestamp) -> Timestamp? {
        if let start = LocalMoment.start(ofDay: day(text, timeZone, now), in: timeZone) { return start }
        let lowered = text.lowercased()
        if let number = Int(lowered.dropLast()), (1...100_000).contains(number) {
            if lowered.hasSuffix("d") { return now.adding(seconds: -86_400 * number) }
            if lowered.hasSuffix("h") { return now.adding(seconds: -3_600 * number) }
        }
        // A time without an offset is the house's.
        guard let moment = Timestamp(iso8601: text), text.utf8.count >= 16 else { return nil }
        let isUTC = text.hasSuffix("Z") || text.dropFirst(16).contains { $0 == "+" || $0 == "-" }
        guard !isUTC else { return moment }
        let seconds = timeZone.secondsFromGMT(
            for: Date(timeIntervalSince1970: Double(moment.microseconds) / 1e6))
        return moment.adding(seconds: -seconds)
    }
}

extension Timestamp {
    /// The last moment before this one.
    var justBefore: Timestamp { Timestamp(microseconds: microseconds - 1) }
}
