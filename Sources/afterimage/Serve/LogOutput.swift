// SPDX-License-Identifier: MIT
import Foundation
import Logging

/// How log lines look.
enum LogFormat: String, CaseIterable, Sendable {
    case text
    case json
}

/// Sets up logging to standard error.
enum LogOutput {
    /// Bootstraps the process's logging, once, and gives the program's logger.
    static func bootstrap(level: Logger.Level, format: LogFormat) -> Logger {
        LoggingSystem.bootstrap { label in
            var handler: any LogHandler =
                switch format {
                case .text: StreamLogHandler.standardError(label: label)
                case .json: JSONLogHandler(label: label)
                }
            handler.logLevel = level
            return handler
        }
        return Logger(label: "afterimage")
    }
}
