// SPDX-License-Identifier: MIT
internal import CNettle

/// HMAC with SHA-256, RFC 2104: a code of a message that nobody can make who does not know the key.
package enum HMACSHA256 {
    /// The code of `message` under `key`.
    package static func code(for message: [UInt8], key: [UInt8]) -> SHA256Digest {
        var context = hmac_sha256_ctx()
        var bytes = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        // Safe: each array has the length that is passed with it.
        unsafe nettle_hmac_sha256_set_key(&context, key.count, key)
        unsafe nettle_hmac_sha256_update(&context, message.count, message)
        unsafe nettle_hmac_sha256_digest(&context, bytes.count, &bytes)
        return SHA256Digest(bytes)
    }
}
