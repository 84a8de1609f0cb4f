// SPDX-License-Identifier: MIT

extension Span where Element: BitwiseCopyable {
    /// Lends the bytes of the elements to `body`; for numbers, which have no padding.
    package func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // Safe: the buffer lives for the call, and any initialised memory may be read as bytes.
        try unsafe withUnsafeBytes { (buffer) throws(Failure) in
            try unsafe body(Span<UInt8>(_unsafeElements: buffer.assumingMemoryBound(to: UInt8.self)))
        }
    }
}
