// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A server that accepts connections, its data directory, and a client of it.
final class LiveServer: Sendable {
    /// Weights that a server is started with.
    enum Weights: Sendable {
        /// CLIP's dimensions, stand-in numbers; see ``TestWeights``.
        case fullSize
        /// 512 dimensions like CLIP, computed in about a millisecond.
        case quick
        /// A file that may or may not be there.
        case file(String)

        /// The path for `--weights`.
        var path: String {
            get throws {
                switch self {
                case .fullSize:
                    try TestWeights.path("plain").required("set AFTERIMAGE_TEST_WEIGHTS_DIR").string
                case .quick: try QuickWeights.path()
                case .file(let path): path
                }
            }
        }
    }

    /// Folders and disks that the server works on.
    private let kept: [any AnyObject & Sendable]
    let process: ServerProcess
    let dataDirectory: FilePath
    let port: Int
    let client: HTTPClient

    private init(
        _ process: ServerProcess, _ dataDirectory: FilePath, _ kept: [any AnyObject & Sendable], port: Int
    ) {
        self.process = process
        self.dataDirectory = dataDirectory
        self.kept = kept
        self.port = port
        client = HTTPClient(port: port, keeping: [process] + kept)
    }

    /// A client that sends `headers` with every request.
    func client(headers: [(String, String)]) -> HTTPClient {
        HTTPClient(port: port, headers: headers, keeping: [process] + kept)
    }

    /// Starts a server on a free port and waits until it accepts.
    ///
    /// - Parameters:
    ///   - weights: Quick ones unless a test is about the real dimensions.
    ///   - dataDirectory: Nil for an empty one that goes with the server.
    ///   - arguments: Further options.
    ///   - environment: Variables of the server.
    ///   - kept: Folders and disks that must live as long as the server.
    /// - Returns: The server, which ends when nobody holds it or a client of it any more.
    /// - Throws: ``ServerProcess/NotStarted`` when it does not come to listen.
    static func start(
        _ weights: Weights = .quick, dataDirectory: FilePath? = nil, arguments: [String] = [],
        environment: [String: String] = [:], keeping kept: (any AnyObject & Sendable)...
    ) async throws -> LiveServer {
        let folder = try TemporaryDirectory()
        let directory = dataDirectory ?? folder.path
        let process = try ServerProcess(
            ["serve", "--port", "0", "--data-dir", directory.string, "--weights", weights.path] + arguments,
            environment: environment)
        let port = try await process.listening()
        return LiveServer(process, directory, kept + [folder], port: port)
    }

    /// The database file, read beside the living server.
    var database: DatabaseFile { DatabaseFile(dataDirectory.appending("afterimage.sqlite")) }

    /// The thumbnail directory.
    var thumbnails: FilePath { dataDirectory.appending("thumbnails") }

    /// Thumbnail files as `D/F`, temporary ones included.
    var thumbnailFiles: Set<String> { Self.files(in: thumbnails) }

    /// Regular files below `directory`, as relative paths.
    static func files(in directory: FilePath) -> Set<String> {
        let manager = FileManager.default
        let all = (try? manager.subpathsOfDirectory(atPath: directory.string)) ?? []
        return Set(
            all.filter { name in
                var isDirectory: ObjCBool = false
                let path = directory.pushing(FilePath(name)).string
                return unsafe manager.fileExists(atPath: path, isDirectory: &isDirectory)
                    && !isDirectory.boolValue
            })
    }

    /// Asks it to stop and waits.
    @discardableResult
    func stop(within limit: Duration = .seconds(20)) async throws -> ServerProcess.Exit? {
        process.signal(SIGTERM)
        return try await process.ended(within: limit)
    }

    /// Kills it and waits until the kernel has let go of it.
    func kill() async throws {
        process.signal(SIGKILL)
        try #require(try await process.ended(within: .seconds(30)) != nil)
    }

    /// Fails the test when the server has died or answers no more.
    func expectAlive(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        #expect(process.exit == nil, comment, sourceLocation: sourceLocation)
        let answer = try await HTTPClient(port: port).send("GET", "/livez", within: .seconds(20))
        #expect(answer.status == 200, comment, sourceLocation: sourceLocation)
    }
}
