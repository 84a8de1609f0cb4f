// SPDX-License-Identifier: MIT
import TestSupport

/// What the clients of a load know: what was promised to them and what they asked for.
actor LoadJournal {
    /// Sent and not answered; may or may not be stored.
    private(set) var unanswered: [String: LoadEvent] = [:]
    /// Answered with 201 or 200: must be stored.
    private(set) var acknowledged: [String: LoadEvent] = [:]
    /// Asked to be deleted; without an answer it may or may not be stored.
    private(set) var deletionAsked: Set<String> = []
    /// Answered with 204: must be gone.
    private(set) var deleted: Set<String> = []
    /// Answers that must not be.
    private(set) var complaints: [String] = []
    private var candidates: [String] = []

    func sent(_ event: LoadEvent) { unanswered[event.id] = event }

    func answered(_ event: LoadEvent, _ answer: HTTPAnswer) {
        unanswered[event.id] = nil
        guard answer.status == 201 || answer.status == 200, answer.json["id"].text == event.id else {
            return complaints.append("POST \(event.id): \(answer.status) \(answer.text.prefix(300))")
        }
        acknowledged[event.id] = event
        candidates.append(event.id)
    }

    /// Chooses an acknowledged event and notes that its deletion is asked for.
    func pickForDeletion(_ random: inout SeededGenerator) -> String? {
        guard candidates.count > 20 else { return nil }
        let id = candidates.remove(at: Int.random(in: 0..<candidates.count, using: &random))
        deletionAsked.insert(id)
        return id
    }

    func deleted(_ id: String) { deleted.insert(id) }

    func complain(_ text: String) { complaints.append(text) }

    /// Takes out what was complained about so far.
    func takeComplaints() -> [String] {
        defer { complaints = [] }
        return complaints
    }

    /// Events that must be there.
    var mustExist: [LoadEvent] { acknowledged.values.filter { !deletionAsked.contains($0.id) } }
}
