// SPDX-License-Identifier: MIT
import ArgumentParser
import EventProcessing

/// The options of `afterimage serve` as typed; nil where the environment or the default decides.
struct ServeOptions: ParsableArguments {
    @Option(
        help:
            "Address to listen on; another than the loopback interface needs an API key. (default: 127.0.0.1)"
    )
    var host: String?

    @Option(help: "Port to listen on; 0 takes a free one. (default: 8080)")
    var port: Int?

    @Option(help: ArgumentHelp("Where everything is kept. (default: data)", valueName: "DIRECTORY"))
    var dataDir: String?

    @Option(help: ArgumentHelp("Weights file; see 'afterimage help weights'.", valueName: "FILE"))
    var weights: String?

    @Flag(help: "Use weights that nobody trained, made on the spot.")
    var standIn = false

    @Option(help: "Arithmetic of the model: fp32, bf16, int8 or auto. (default: fp32)")
    var precision: String?

    @Option(help: ArgumentHelp("Threads that compute; all cores by default.", valueName: "N"))
    var threads: Int?

    @Flag(help: "Load the weights at the start instead of with the first event.")
    var preload = false

    @Option(help: "Where new thumbnails go: file or database. (default: file)")
    var thumbnailStorage: String?

    @Option(help: ArgumentHelp("Days to keep events; 0 keeps them. (default: 0)", valueName: "N"))
    var retentionDays: Int?

    @Option(help: ArgumentHelp("Largest request body in bytes. (default: 16777216)", valueName: "N"))
    var maxUploadBytes: Int?

    @Option(
        help: ArgumentHelp(
            "Whose clock tells the hours of a day. (default: the machine's)", valueName: "NAME"))
    var timeZone: String?

    @Option(help: "on or off: whether events are matched to visitors and vehicles. (default: on)")
    var recurrence: String?

    @Option(
        help: ArgumentHelp(
            """
            Score from -1 to 1 from which an event is a known visitor's; auto calibrates it for each camera. \
            (default: auto)
            """, valueName: "SCORE"))
    var recurrenceThreshold: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    @Option(help: "text or json. (default: text)")
    var logFormat: String?
}
