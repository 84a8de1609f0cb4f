// SPDX-License-Identifier: MIT

/// Makes a caption of a few words.
///
/// CLIP was trained on captions, not on single words, and finds pictures better by one.
///
/// Source: Radford et al. 2021, section 3.1.4.
public enum PromptTemplate {
    /// Words up to which a text is taken for the name of a thing.
    public static let wordLimit = 3

    /// `a photo of {text}` for one to three words; any other text as it is.
    public static func caption(for text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard (1...wordLimit).contains(words.count) else { return text }
        return "a photo of " + words.joined(separator: " ")
    }
}
