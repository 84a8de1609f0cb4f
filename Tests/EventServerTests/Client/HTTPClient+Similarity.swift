// SPDX-License-Identifier: MIT
import Testing

extension HTTPClient {
    /// Posts an event with a sample picture and waits for its vector; returns its id.
    ///
    /// Each picture is computed alone, so that equal pictures have vectors of equal bits. Animals are nobody's visitors.
    func seen(
        _ picture: Int = 0, camera: String = "drive", at timestamp: String, objects: [JSON] = ["animal"]
    ) async throws -> String {
        let body = EventBody(camera: camera, at: timestamp, objects: objects)
        let id = try await createID(body.with(thumbnail: SamplePictures.jpeg(picture)))
        let status = try await settled(id)
        try #require(status["state"] == "ready", "\(status)")
        return id
    }

    /// The answer of `/context/similar`; fails the test unless it is 200.
    func similar(_ id: String, _ query: [String: String] = [:]) async throws -> JSON {
        let answer = try await get("/context/similar/\(id)", query)
        try #require(answer.status == 200, "\(answer.status) \(answer.text)")
        return answer.json
    }
}

extension JSON {
    /// Events that a search found, best first.
    var similarIDs: [String] { self["similar_events"].elements.compactMap(\.["event_id"].text) }

    /// Their cosines.
    var similarScores: [Double] { self["similar_events"].elements.compactMap(\.["similarity_score"].double) }
}
