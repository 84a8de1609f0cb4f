// SPDX-License-Identifier: MIT
import EmbeddingService
import EventProcessing
import EventServer
import Foundation
import Logging
import TemporalContext

/// What `afterimage serve` runs with: options first, then the environment, then defaults.
struct ServeSettings: Sendable {
    let http: ServerOptions
    let dataDirectory: String
    let weights: String?
    let standIn: Bool
    let threads: Int?
    let precision: PrecisionChoice
    let preload: Bool
    let thumbnailMode: ThumbnailMode
    let retentionDays: Int
    let timeZone: TimeZone
    let recurrence: RecurrenceOptions
    let logLevel: Logger.Level
    let logFormat: LogFormat
    /// Variables that begin like ours and mean nothing, misspelt probably.
    let unknownVariables: [String]

    init(_ options: ServeOptions, environment: [String: String]) throws(SettingsError) {
        var reader = EnvironmentReader(environment)
        let host = options.host ?? reader.text("HOST") ?? "127.0.0.1"
        let variablePort = try reader.integer("PORT")
        let port = options.port ?? variablePort ?? 8080
        try Self.check(port, in: 0...65_535, "--port")
        let variableUpload = try reader.integer("MAX_UPLOAD_BYTES")
        let maximumUpload = options.maxUploadBytes ?? variableUpload ?? 16 << 20
        try Self.check(maximumUpload, in: 1024...1 << 30, "--max-upload-bytes")
        http = ServerOptions(
            host: host, port: port, apiKey: try reader.apiKey(), maximumUploadByteCount: maximumUpload)
        dataDirectory = options.dataDir ?? reader.text("DATA_DIR") ?? "data"
        let variableStandIn = try reader.flag("STAND_IN")
        standIn = options.standIn || variableStandIn
        let variableWeights = reader.text("WEIGHTS")
        weights = options.weights ?? variableWeights
        if standIn, options.weights != nil { throw .contradiction("--stand-in", "--weights") }
        let variableThreads = try reader.integer("THREADS")
        threads = options.threads ?? variableThreads
        if let threads { try Self.check(threads, in: 1...1024, "--threads") }
        let variablePreload = try reader.flag("PRELOAD")
        preload = options.preload || variablePreload
        let variableDays = try reader.integer("RETENTION_DAYS")
        retentionDays = options.retentionDays ?? variableDays ?? 0
        try Self.check(retentionDays, in: 0...36_500, "--retention-days")
        timeZone = try Self.timeZone(options.timeZone ?? reader.text("TIME_ZONE"))
        recurrence = try Self.recurrence(
            options.recurrence ?? reader.text("RECURRENCE"),
            threshold: options.recurrenceThreshold ?? reader.text("RECURRENCE_THRESHOLD"))
        thumbnailMode = try Self.choice(
            options.thumbnailStorage ?? reader.text("THUMBNAIL_STORAGE"), "--thumbnail-storage",
            default: .file)
        logLevel = try Self.choice(
            options.logLevel ?? reader.text("LOG_LEVEL"), "--log-level", default: .info)
        logFormat = try Self.choice(
            options.logFormat ?? reader.text("LOG_FORMAT"), "--log-format", default: .text)
        precision = try Self.choice(
            options.precision ?? reader.text("PRECISION"), "--precision", default: .fp32)
        unknownVariables = reader.unknown
    }

    /// The host as it stands in a URL.
    var urlHost: String { http.host.contains(":") ? "[\(http.host)]" : http.host }

    /// The configuration of a server with these weights.
    func configuration(weights: String) -> AfterimageServer.Configuration {
        var configuration = AfterimageServer.Configuration(dataDirectory: dataDirectory, weights: weights)
        configuration.engine = ImageEmbedder.Options(threadCount: threads)
        configuration.engine.precision = precision.value
        // Answers to requests come before embeddings.
        configuration.engine.niceness = 5
        configuration.preload = preload
        configuration.http = http
        configuration.thumbnailMode = thumbnailMode
        configuration.retentionDays = retentionDays
        configuration.timeZone = timeZone
        configuration.recurrence = recurrence
        configuration.version = ProgramVersion.current
        return configuration
    }

    private static func check(_ value: Int, in range: ClosedRange<Int>, _ name: String) throws(SettingsError)
    {
        guard range.contains(value) else { throw .outOfRange(name, value, range) }
    }

    private static func timeZone(_ name: String?) throws(SettingsError) -> TimeZone {
        guard let name else { return .current }
        guard let zone = TimeZone(identifier: name) else { throw .unknownTimeZone(name) }
        return zone
    }

    private static func recurrence(
        _ switchText: String?, threshold text: String?
    ) throws(SettingsError) -> RecurrenceOptions {
        var options = RecurrenceOptions()
        options.isEnabled = try choice(switchText, "--recurrence", default: Switch.on) == .on
        guard let text, text != "auto" else { return options }
        guard let threshold = Double(text), (-1...1).contains(threshold) else { throw .notAThreshold(text) }
        options.threshold = threshold
        return options
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String?, _ name: String, default fallback: Choice
    ) throws(SettingsError) -> Choice {
        guard let text, !text.isEmpty else { return fallback }
        guard let choice = Choice(rawValue: text) else {
            throw .invalid(name, text, expected: Choice.allCases.map(\.rawValue))
        }
        return choice
    }
}
