// SPDX-License-Identifier: MIT
import Testing

extension EventServerSuite {
    @Suite("Multipart events")
    struct MultipartTests {
        private func post(_ body: MultipartBody) async throws -> HTTPAnswer {
            try await SharedServer.client.send(
                "POST", "/api/v1/events", headers: [body.header], body: body.bytes)
        }

        @Test("carry the event and the image's bytes as they are")
        func upload() async throws {
            let client = try await SharedServer.client
            let picture = SamplePictures.jpeg(4)
            let answer = try await post(MultipartBody(event: EventBody("Multipart").json, thumbnail: picture))
            #expect(answer.status == 201, "\(answer.text)")
            #expect(answer.json["description"] == "Multipart")
            let id = try answer.json["id"].text.required()
            #expect(try await client.get("/events/\(id)/thumbnail").body == picture)
            #expect(try await client.settled(id)["state"] == "ready")
        }

        @Test("may come without a thumbnail")
        func withoutThumbnail() async throws {
            let answer = try await post(MultipartBody(event: EventBody().json, thumbnail: nil))
            #expect(answer.status == 201)
            #expect(answer.json["embedding_state"] == "no_thumbnail")
        }

        @Test("may hold the boundary's beginning, line ends and zeros in the image")
        func awkwardBytes() async throws {
            let client = try await SharedServer.client
            let bytes =
                Array("\r\n------afterimage-boundar\r\n--\r\n\0\r\n\r\n--".utf8) + SamplePictures.jpeg(0)
            let answer = try await post(MultipartBody(event: EventBody().json, thumbnail: bytes))
            #expect(answer.status == 201)
            let id = try answer.json["id"].text.required()
            #expect(try await client.get("/events/\(id)/thumbnail").body == bytes)
            #expect(try await client.settled(id)["state"] == "failed")
        }

        @Test("may quote their boundary")
        func quotedBoundary() async throws {
            var body = try MultipartBody(event: EventBody().json, thumbnail: SamplePictures.jpeg(0))
            body.boundary = "a b'c+d"
            let answer = try await SharedServer.client.send(
                "POST", "/api/v1/events",
                headers: [("Content-Type", "multipart/form-data; charset=utf-8; boundary=\"a b'c+d\"")],
                body: body.bytes)
            #expect(answer.status == 201, "\(answer.text)")
        }

        @Test("are the same content as JSON with the same picture")
        func sameContent() async throws {
            let client = try await SharedServer.client
            let event = EventBody().with("id", .string(EventBody.newID()))
            let picture = SamplePictures.jpeg(1)
            #expect(try await post(MultipartBody(event: event.json, thumbnail: picture)).status == 201)
            #expect(try await post(MultipartBody(event: event.json, thumbnail: picture)).status == 200)
            #expect(try await client.post("/events", event.with(thumbnail: picture).json).status == 200)
            #expect(
                try await post(MultipartBody(event: event.json, thumbnail: SamplePictures.jpeg(2))).status
                    == 409)
        }

        @Test("without the part event are 422")
        func withoutEvent() async throws {
            var body = try MultipartBody(event: EventBody().json, thumbnail: SamplePictures.jpeg(0))
            body.parts.removeFirst()
            let answer = try await post(body)
            #expect(answer.status == 422)
            #expect(answer.problemLocations.first?.first == "body", "\(answer.text)")
        }

        @Test("with an invalid event are 422 with the place")
        func invalidEvent() async throws {
            let answer = try await post(
                MultipartBody(event: EventBody(confidence: 101).json, thumbnail: SamplePictures.jpeg(0)))
            #expect(answer.status == 422)
            #expect(answer.problemLocations.first?.last == "confidence", "\(answer.text)")
        }

        @Test(
            "that are broken are refused",
            arguments: [
                "", "--", "------afterimage-boundary-7MA4YWxk--\r\n",
                "------afterimage-boundary-7MA4YWxk\r\n",
                "------afterimage-boundary-7MA4YWxk\r\nContent-Disposition: form-data; name=\"event\"\r\n",
                "------afterimage-boundary-7MA4YWxk\r\nContent-Disposition: form-data; name=\"event\"\r\n\r\n{",
                "nonsense without any boundary",
            ])
        func broken(text: String) async throws {
            let answer = try await SharedServer.client.send(
                "POST", "/api/v1/events",
                headers: [
                    ("Content-Type", "multipart/form-data; boundary=----afterimage-boundary-7MA4YWxk")
                ], body: Array(text.utf8))
            #expect([400, 422].contains(answer.status), "\(answer.status) \(answer.text)")
            #expect(answer.json["detail"] != .null)
        }

        @Test(
            "without a boundary are refused",
            arguments: ["multipart/form-data", "multipart/form-data; boundary="])
        func withoutBoundary(type: String) async throws {
            let body = try MultipartBody(event: EventBody().json, thumbnail: nil)
            let answer = try await SharedServer.client.send(
                "POST", "/api/v1/events", headers: [("Content-Type", type)], body: body.bytes)
            #expect([400, 422].contains(answer.status), "\(answer.status) \(answer.text)")
        }
    }
}
