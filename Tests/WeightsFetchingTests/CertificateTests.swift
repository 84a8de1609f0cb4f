// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

@testable import WeightsFetching

@Suite("A server with a certificate of its own making")
struct CertificateTests {
    @Test("is refused at once, before any byte of the file", .timeLimit(.minutes(1)))
    func refused() async throws {
        let folder = try TemporaryFolder()
        try makeCertificate(in: folder)
        let server = process(
            ["s_server", "-WWW", "-accept", "127.0.0.1:0", "-cert", "c.pem", "-key", "k.pem"], folder)
        let output = Pipe()
        server.standardOutput = output
        try server.run()
        defer { server.terminate() }
        let port = try #require(Self.port(in: output))

        let order = try DownloadOrder(
            address: RemoteAddress("https://127.0.0.1:\(port)/model.bin"), acceptedHashes: [HostileCase.hash],
            destination: folder.file("model.bin"))
        let delays = Collected<Duration>()
        let download = WeightsDownload(policy: impatientPolicy(noting: delays), environment: [:])
        await #expect(throws: WeightsFetchError.certificateRefused(host: "127.0.0.1")) {
            try await download.run(order)
        }
        #expect(delays.all.isEmpty)
        #expect(folder.bytes("model.bin") == nil)
    }

    private func makeCertificate(in folder: TemporaryFolder) throws {
        let request = process(
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "k.pem", "-out", "c.pem",
            ], folder)
        try request.run()
        request.waitUntilExit()
        try #require(request.terminationStatus == 0)
    }

    private func process(_ arguments: [String], _ folder: TemporaryFolder) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path.string)
        process.standardError = FileHandle.nullDevice
        return process
    }

    /// Reads `ACCEPT 127.0.0.1:<port>`, which the tool prints once it listens.
    private static func port(in output: Pipe) -> Int? {
        var text = ""
        while true {
            let piece = output.fileHandleForReading.availableData
            if piece.isEmpty { return nil }
            text += String(decoding: piece, as: UTF8.self)
            for line in text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1)
            where line.hasPrefix("ACCEPT") {
                return line.split(separator: ":").last.flatMap { Int($0) }
            }
        }
    }
}
