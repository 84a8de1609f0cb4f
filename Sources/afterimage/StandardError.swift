// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation

/// Everything that is not a result goes here.
enum StandardError {
    static func print(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// Prints why the command cannot go on; throw what it returns.
    static func failure(_ code: String, _ message: String) -> ExitCode {
        print("afterimage: \(code): \(message)")
        return ExitCode(1)
    }
}
