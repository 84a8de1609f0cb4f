// SPDX-License-Identifier: MIT
import EmbeddingService
import Foundation

/// The time from the start of a process to its first embedding, and the memory it then holds.
struct ColdStart: Codable {
    let precision: String
    let backend: String
    let threads: Int
    let milliseconds: Double
    let residentMegabytes: Double

    enum CodingKeys: String, CodingKey {
        case precision, backend, threads, milliseconds
        case residentMegabytes = "resident_mb"
    }

    /// Starts this program three times and takes the median; the weights are in the page cache by then.
    static func measure(weights: String, _ setting: BenchSetting) throws -> ColdStart {
        let runs = try (0..<3).map { _ in try once(weights: weights, setting) }
        return runs.sorted { $0.milliseconds < $1.milliseconds }[1]
    }

    /// What the started process does: one embedding, then its peak resident memory on standard output.
    static func probe(weights: String, _ picture: BenchPicture, _ setting: BenchSetting) throws {
        let engine = try EmbeddingEngine(weights: weights, options: setting.options(batchCapacity: 1))
        for outcome in engine.embed([picture.bytes]) { _ = try outcome.get() }
        print(peakResidentKilobytes)
    }

    private static func once(weights: String, _ setting: BenchSetting) throws -> ColdStart {
        let picture = try temporaryPicture()
        defer { try? FileManager.default.removeItem(at: picture) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "--cold-start-probe", "--weights", weights, "--threads", "\(setting.threads)", "--precision",
            setting.precision.rawValue, "--backend", setting.backend.rawValue, "--image", picture.path,
        ]
        process.standardOutput = output
        let clock = ContinuousClock()
        let start = clock.now
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let duration = clock.now - start
        process.waitUntilExit()
        let kilobytes = Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? .nan
        return ColdStart(
            precision: setting.precision.rawValue, backend: setting.backend.rawValue,
            threads: setting.threads,
            milliseconds: duration.seconds * 1000, residentMegabytes: kilobytes / 1000)
    }

    private static func temporaryPicture() throws -> URL {
        let path = FileManager.default.temporaryDirectory.appending(
            path: "afterimage-\(UUID().uuidString).jpg")
        try Data(BenchPicture.load([])[0].bytes).write(to: path)
        return path
    }

    /// `VmHWM` of this process.
    private static var peakResidentKilobytes: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
    }
}
