// SPDX-License-Identifier: MIT
import EventStorage
import Testing

@testable import EventProcessing

@Suite("The digest of an event's content")
struct ReceivedEventTests {
    private static let event = ReceivedEvent(
        id: nil, cameraID: "front", timestamp: Timestamp(microseconds: 1_778_781_723_000_000),
        description: "A person", confidence: 90, objectsDetected: [.person], thumbnail: .bytes([1, 2, 3]))

    private static func changed(_ change: (inout ReceivedEvent) -> Void) -> ReceivedEvent {
        var event = Self.event
        change(&event)
        return event
    }

    @Test("is the same for the same content, whatever the identifier")
    func sameContent() {
        #expect(Self.event.contentDigest == Self.changed { $0.id = "x" }.contentDigest)
    }

    @Test(
        "differs for every other content",
        arguments: [
            changed { $0.cameraID = "back" }, changed { $0.timestamp = Timestamp(microseconds: 1) },
            changed { $0.description = "A person " }, changed { $0.confidence = 91 },
            changed { $0.objectsDetected = [.person, .vehicle] }, changed { $0.thumbnail = .none },
            changed { $0.thumbnail = .bytes([1, 2]) }, changed { $0.alertTriggered = true },
            changed { $0.sourceType = .usb }, changed { $0.smartDetectionType = .person },
            changed { $0.isDoorbellRing = true },
            // The boundary between two fields counts.
            changed {
                $0.cameraID = "fron"
                $0.description = "tA person"
            },
        ])
    func otherContent(_ other: ReceivedEvent) {
        #expect(Self.event.contentDigest != other.contentDigest)
    }
}
