// SPDX-License-Identifier: MIT

extension WeightsFetchError: CustomStringConvertible {
    private static let byHand =
        "Without a way to it, download the file on another machine and run "
        + "'afterimage weights convert FILE --out weights/clip-vit-b-32.safetensors'."

    package var description: String {
        switch self {
        case .unknownSource, .localSource, .malformedURL, .unsupportedScheme, .malformedChecksum,
            .noKnownChecksum, .manifestUnreadable, .proxyUnsupported:
            requestSentence
        case .wrongByteCount, .tooLarge, .checksumMismatch, .unrecognizedContent:
            contentSentence
        case .destinationExists, .alreadyRunning, .diskFull, .fileFailure, .cancelled:
            machineSentence
        default: transferSentence
        }
    }

    private var requestSentence: String {
        switch self {
        case .unknownSource(let name, let known):
            "There is no source '\(name)'; known are \(known.joined(separator: ", ")), or pass an https:// address."
        case .localSource(let path):
            "'\(path)' is a file on this machine, which needs no fetching; run "
                + "'afterimage weights convert \(path) --out FILE'."
        case .malformedURL(let text):
            "'\(text)' is not an address of the form https://host/path."
        case .unsupportedScheme(let url):
            "'\(url)' uses another protocol; expected https://, or http:// for a mirror whose content is checked."
        case .malformedChecksum(let text):
            "'\(text)' is not a SHA-256; expected 64 hexadecimal digits."
        case .noKnownChecksum(let url, let isEncrypted):
            isEncrypted
                ? "No checksum is known for \(url); pass the expected one with --sha256."
                : "\(url) is not encrypted and no checksum is known for it, so its content could be changed on the "
                    + "way unseen; use https:// or pass the expected checksum with --sha256."
        case .manifestUnreadable(let path, let reason):
            "The manifest '\(path)' cannot be used: \(reason)."
        case .proxyUnsupported(let proxy):
            "The proxy '\(proxy)' from the environment is not supported; expected http://host:port or "
                + "socks5://host:port, or name the host in NO_PROXY."
        default: code
        }
    }

    private var transferSentence: String {
        switch self {
        case .unreachable(let host, let attempts, let reason):
            "\(host) could not be reached in \(attempts) attempts (\(reason)); check the network or pass a mirror "
                + "with --source. \(Self.byHand)"
        case .certificateRefused(let host):
            "The certificate of \(host) is not trusted by this machine, so nothing was downloaded; check the clock "
                + "and the ca-certificates package, or whether a proxy intercepts the connection."
        case .httpStatus(let url, let status):
            "\(url) answered with HTTP status \(status), expected 200 or 206; check the address or pass a mirror with "
                + "--source. \(Self.byHand)"
        case .retryTooLate(let url, let seconds, let limit):
            "\(url) asks to wait \(seconds) seconds, longer than the \(limit) that are waited for; run the command "
                + "again later, it continues where it stopped."
        case .brokenTransfer(let url, let attempts, let received, let reason):
            "The transfer from \(url) kept breaking (\(attempts) attempts, last: \(reason)); \(received) bytes are "
                + "kept, run the command again to continue."
        case .tooManyRedirects(let url, let limit):
            "\(url) redirects more than \(limit) times; the address does not lead to a file."
        case .redirectWithoutLocation(let url):
            "\(url) answered with a redirect that names no target."
        case .insecureRedirect(let from, let target):
            "\(from) redirects to the unencrypted \(target), which is refused."
        case .unsupportedRedirect(let from, let scheme):
            "\(from) redirects to an address with the scheme '\(scheme)', which is refused; expected https."
        default: code
        }
    }

    private var contentSentence: String {
        switch self {
        case .wrongByteCount(let url, let expected, let found):
            "\(url) serves \(found) bytes, expected \(expected): it is another file."
        case .tooLarge(let url, let limit):
            "\(url) sends more than the \(limit) bytes that are allowed, so the transfer was stopped and its bytes "
                + "deleted."
        case .checksumMismatch(let url, let expected, let found):
            "The file from \(url) was deleted because its SHA-256 is \(found), expected \(expected); "
                + "run the command again or pass another --source."
        case .unrecognizedContent(let url, let found):
            "The file from \(url) was deleted because its SHA-256 \(found) is none of the known ones; if that is the "
                + "checksum that its publisher states, pass it with --sha256."
        default: code
        }
    }

    private var machineSentence: String {
        switch self {
        case .destinationExists(let path):
            "'\(path)' exists and is not the file to be fetched; move it away or pass another --out."
        case .alreadyRunning(let path):
            "Another process is downloading to '\(path)'; wait for it to end."
        case .diskFull(let path):
            "There is no space left for '\(path)'; free some and run the command again, it continues where it stopped."
        case .fileFailure(let path, let reason):
            "'\(path)' cannot be written: \(reason)."
        case .cancelled:
            "The download was cancelled; run the command again to continue where it stopped."
        default: code
        }
    }
}
