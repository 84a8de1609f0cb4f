// SPDX-License-Identifier: MIT
internal import EventStorage
internal import HTTPTypes
internal import JSONValues

extension Problem {
    /// The one place where the store's errors become statuses.
    init(_ error: StorageError) {
        switch error {
        case .diskFull: self.init(.insufficientStorage, .string(error.description))
        case .cameraExists: self.init(.conflict, .string(error.description))
        default: self.init(.serviceUnavailable, .string(error.description), headers: [.retryAfter: "5"])
        }
    }
}

extension HTTPResponse.Status {
    /// 507, of RFC 4918.
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
