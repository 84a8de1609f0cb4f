// SPDX-License-Identifier: MIT
internal import CNettle

/// SHA-256 of bytes that come in pieces, FIPS 180-4; a copy goes on by itself.
package struct SHA256: Sendable {
    private var context = sha256_ctx()

    /// The hash of nothing yet.
    package init() { unsafe nettle_sha256_init(&context) }

    /// Adds bytes.
    ///
    /// - Complexity: O(bytes); storage that is not contiguous is copied first.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        // Safe: the buffer is only read, and only during the call.
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            unsafe nettle_sha256_update(&context, buffer.count, buffer.baseAddress)
        }
        guard isDone == nil else { return }
        let copy = Array(bytes)
        unsafe nettle_sha256_update(&context, copy.count, copy)
    }

    /// Adds bytes that lie next to each other.
    package mutating func update(_ bytes: Span<UInt8>) {
        // Safe: as above.
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe nettle_sha256_update(&context, buffer.count, buffer.baseAddress)
        }
    }

    /// The hash of what was added so far; more can be added afterwards.
    package func finalize() -> SHA256Digest {
        var context = context
        var bytes = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        // Safe: the array has the length that is passed.
        unsafe nettle_sha256_digest(&context, bytes.count, &bytes)
        return SHA256Digest(bytes)
    }

    /// The hash of `bytes` alone.
    package static func hash(_ bytes: some Sequence<UInt8>) -> SHA256Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finalize()
    }
}
