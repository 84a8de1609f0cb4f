// SPDX-License-Identifier: MIT
internal import CSearchKernels

/// CRC-32C, which finds damage in files that nobody forges.
package enum Checksum {
    /// The checksum of `bytes`, continued from that of the bytes before them.
    package static func crc32c(_ bytes: ByteSlice, after earlier: UInt32 = 0) -> UInt32 {
        // Safe: the buffer is valid while the slice lives.
        unsafe bytes.buffer.baseAddress.map { unsafe search_crc32c(earlier, $0, bytes.count) } ?? earlier
    }

    /// The checksum of `bytes`, continued from that of the bytes before them.
    package static func crc32c(_ bytes: [UInt8], after earlier: UInt32 = 0) -> UInt32 {
        unsafe search_crc32c(earlier, bytes, bytes.count)
    }
}
