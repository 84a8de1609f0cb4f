// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import TestSupport

/// A program of this package, run as a process the way a user runs it.
struct Program {
    /// What a run left behind.
    struct Output {
        let exitCode: Int32
        let standardOutput: Data
        let standardError: String

        var text: String { String(decoding: standardOutput, as: UTF8.self) }
        /// Lines of standard output.
        var lines: [String] { text.split(separator: "\n").map(String.init) }
    }

    /// The program that users call.
    static let afterimage = Program(name: "afterimage")
    /// The benchmark.
    static let bench = Program(name: "afterimage-bench")

    private let path: String

    private init(name: String) {
        // Programs and tests are built into one folder.
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        path = FilePath(tests).removingLastComponent().appending(name).string
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - arguments: Without the program's name.
    ///   - input: What standard input holds.
    ///   - environment: Variables besides those of this process; variables of our own are not passed on.
    ///   - directory: Working directory.
    /// - Returns: What the run left behind.
    /// - Throws: ``Crash`` when a signal ended the program.
    func run(
        _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:],
        in directory: FilePath? = nil
    ) throws -> Output {
        // Files rather than pipes: a pipe that nobody empties would stop the program.
        let folder = try TemporaryDirectory()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: (directory ?? folder.path).string)
        process.environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("AFTERIMAGE_") }
            .merging(["COLUMNS": "80"]) { $1 }
            .merging(environment) { $1 }
        process.standardInput = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: folder.write(input, to: "input").string))
        let output = try folder.write([], to: "output").string
        let errors = try folder.write([], to: "errors").string
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        guard process.terminationReason == .exit else { throw Crash(signal: process.terminationStatus) }
        return Output(
            exitCode: process.terminationStatus,
            standardOutput: try Data(contentsOf: URL(fileURLWithPath: output)),
            standardError: try String(contentsOfFile: errors, encoding: .utf8))
    }

    /// The program ended by a signal.
    struct Crash: Error {
        let signal: Int32
    }
}
