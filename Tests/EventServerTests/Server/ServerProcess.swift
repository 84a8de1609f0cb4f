// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// `afterimage serve` as a process of its own on a real port, as a user runs it.
final class ServerProcess: Sendable {
    /// How a process ended.
    enum Exit: Sendable, Equatable {
        case code(Int32)
        case signal(Int32)
    }

    /// Why a server is not there.
    struct NotStarted: Error {
        let exit: Exit?
        let standardError: String
    }

    /// Processes that must not outlive the tests.
    private static let running = Mutex<Set<pid_t>>([])
    private static let sweep: Void = {
        atexit { for process in ServerProcess.running.withLock({ $0 }) { _ = Glibc.kill(process, SIGKILL) } }
    }()

    private let process: Process
    private let log: FilePath
    /// Kept alive as long as the process writes into it.
    private let folder: TemporaryDirectory
    private let kept: [any AnyObject & Sendable]
    /// The process's number.
    let pid: pid_t

    /// Starts the program; does not wait for it to listen.
    ///
    /// - Parameters:
    ///   - arguments: All of them, `serve` included.
    ///   - environment: Variables besides those of this process; variables of our own are not passed on.
    ///   - kept: What must live as long as the process.
    /// - Throws: When the program cannot be started at all.
    init(
        _ arguments: [String], environment: [String: String] = [:],
        keeping kept: (any AnyObject & Sendable)...
    ) throws {
        self.kept = kept
        _ = Self.sweep
        folder = try TemporaryDirectory()
        log = try folder.write([], to: "standard-error")
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program.string)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path.string)
        process.environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("AFTERIMAGE_") }
            .merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: log.string)
        process.standardError = process.standardOutput
        // Appending, so that two writers of one file do not overwrite each other.
        if let output = process.standardOutput as? FileHandle {
            _ = fcntl(output.fileDescriptor, F_SETFL, O_APPEND)
        }
        try process.run()
        pid = process.processIdentifier
        Self.running.withLock { _ = $0.insert(process.processIdentifier) }
    }

    deinit {
        if process.isRunning { _ = Glibc.kill(pid, SIGKILL) }
        Self.running.withLock { _ = $0.remove(pid) }
    }

    /// Where the program is: in the folder of the tests, which are built together with it.
    static var program: FilePath {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return FilePath(tests).removingLastComponent().appending("afterimage")
    }

    /// What it wrote so far, standard error and standard output together.
    var standardError: String { (try? String(contentsOfFile: log.string, encoding: .utf8)) ?? "" }

    /// How it ended; nil while it runs.
    var exit: Exit? {
        guard !process.isRunning else { return nil }
        return process.terminationReason == .exit
            ? .code(process.terminationStatus) : .signal(process.terminationStatus)
    }

    /// Waits for the line that says where it listens.
    ///
    /// - Returns: The port.
    /// - Throws: ``NotStarted`` when it ends before, or takes longer than `limit`.
    func listening(within limit: Duration = .seconds(60)) async throws -> Int {
        let end = ContinuousClock.now + limit
        while true {
            if let match = try #/listening on http://[^\s]*:([0-9]+)/#.firstMatch(in: standardError),
                let port = Int(match.output.1)
            {
                return port
            }
            guard exit == nil, ContinuousClock.now < end else {
                throw NotStarted(exit: exit, standardError: standardError)
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits for its end.
    ///
    /// - Returns: How it ended; nil when it still runs after `limit`.
    func ended(within limit: Duration = .seconds(30)) async throws -> Exit? {
        let end = ContinuousClock.now + limit
        while exit == nil, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
        return exit
    }

    /// Sends a signal.
    func signal(_ number: Int32) { _ = Glibc.kill(pid, number) }

    /// Resident memory in bytes; nil when the process is gone.
    var residentByteCount: Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let match = try? #/VmRSS:\s+([0-9]+) kB/#.firstMatch(in: status),
            let kilobytes = Int(match.output.1)
        else { return nil }
        return kilobytes << 10
    }
}
