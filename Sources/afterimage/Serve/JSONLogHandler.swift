// SPDX-License-Identifier: MIT
import EventStorage
import Foundation
import JSONValues
import Logging

/// One JSON object a line on standard error, for collectors of logs.
struct JSONLogHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    private let label: String

    init(label: String) {
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line: JSONObject = [
            "time": .string(Timestamp.now().iso8601), "level": .string(event.level.rawValue),
            "logger": .string(label), "message": .string(event.message.description),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line[key] = .string(value.description) }
        FileHandle.standardError.write(Data(JSONValue.object(line).serialized() + [0x0A]))
    }
}
