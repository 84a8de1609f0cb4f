// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Logging
internal import TemporalContext

extension EventProcessor {
    /// How unusual an event is for its camera; nil when the camera's past cannot be read.
    ///
    /// It is read before the event is stored, while the thumbnail is written, and never stops an event.
    func anomaly(of received: ReceivedEvent) async -> Anomaly? {
        let detector = AnomalyDetector(timeZone: options.timeZone)
        do throws(StorageError) {
            let history = try await store.history(
                detector.query(cameraID: received.cameraID, timestamp: received.timestamp))
            return detector.anomaly(
                objects: received.objectsDetected, timestamp: received.timestamp, history: history)
        } catch {
            logger.warning(
                "an event could not be held against its camera's past",
                metadata: ["error": .string(error.description)])
            return nil
        }
    }
}
