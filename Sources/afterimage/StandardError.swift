// SPDX-License-Identifier: MIT
import Foundation

/// Everything that is not a result goes here.
enum StandardError {
    static func print(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
