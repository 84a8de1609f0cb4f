// SPDX-License-Identifier: MIT

/// How the event server listens and what it refuses.
public struct ServerOptions: Sendable {
    /// Address to listen on; another one than the loopback interface needs an ``apiKey`` or a key in
    /// the database.
    public var host: String
    /// Port to listen on; 0 takes a free one.
    public var port: Int
    /// A key with all scopes that is not in the database; clients send it as `Authorization: Bearer KEY` or
    /// `X-API-Key: KEY`.
    ///
    /// Without it and without keys in the database, everybody on this machine is let in.
    public var apiKey: APIKey?
    /// Largest request body in bytes.
    public var maximumUploadByteCount: Int
    /// What limits the connections, and for how long they may take.
    public var connections = ConnectionLimits()

    /// Makes options with the defaults of `afterimage serve`.
    public init(
        host: String = "127.0.0.1", port: Int = 8080, apiKey: APIKey? = nil,
        maximumUploadByteCount: Int = 16 << 20
    ) {
        self.host = host
        self.port = port
        self.apiKey = apiKey
        self.maximumUploadByteCount = maximumUploadByteCount
    }

    /// - Throws: ``ServerSetupError`` for options that would be unsafe.
    func check() throws(ServerSetupError) {
        if let apiKey, apiKey.text.utf8.count < 8 { throw .keyTooShort }
    }

    /// - Throws: ``ServerSetupError`` when other machines could connect and nobody would be asked for a key.
    func checkAddress(hasKeys: Bool) throws(ServerSetupError) {
        guard isLoopback || apiKey != nil || hasKeys else { throw .keyNeeded(host: host) }
    }

    /// Whether only processes of this machine can connect.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
