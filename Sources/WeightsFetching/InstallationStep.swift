// SPDX-License-Identifier: MIT

/// What an installation reports while it runs.
package enum InstallationStep: Equatable, Sendable {
    case downloading(url: String)
    case download(DownloadEvent)
    /// The checkpoint is complete and its checksum right.
    case checked(DownloadedFile)
    /// A mirror does not serve the tokenizer's merges; images can be embedded, texts cannot.
    case vocabularyMissing(name: String, reason: WeightsFetchError)
    case converting(to: String)
}
