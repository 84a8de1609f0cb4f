// SPDX-License-Identifier: MIT
import Foundation
import WeightsFetching

/// Tells on standard error how an installation goes on.
struct InstallationReport {
    private var bar = ProgressBar()
    private var meter = TransferMeter()
    private let clock = ContinuousClock()

    mutating func show(_ step: InstallationStep) {
        switch step {
        case .downloading(let url):
            meter = TransferMeter()
            say("Downloading \(url)")
        case .download(let event): show(event)
        case .checked(let file):
            say("SHA-256 \(file.sha256) is right\(file.isTransferred ? "" : ", file kept from before").")
        case .vocabularyMissing(let name, let reason):
            say(
                """
                Warning: \(name) is missing, so texts cannot be embedded until the weights are converted again with \
                --vocabulary FILE. \(reason)
                """)
        case .converting(let out): say("Converting to \(out)")
        }
    }

    mutating func finish() { bar.finish() }

    private mutating func show(_ event: DownloadEvent) {
        switch event {
        case .resuming(let path): say("Continuing \(path)")
        case .progress(let received, let total):
            meter.record(received: received, total: total, at: clock.now)
            bar.show(meter.fraction, meter.summary)
        case .retrying(let reason, let delay):
            say("\(reason); next attempt in \(max(1, Int((delay / .seconds(1)).rounded()))) s")
        case .restarting: say("The parts do not fit together; downloading once more in one piece.")
        }
    }

    private mutating func say(_ sentence: String) {
        bar.finish()
        FileHandle.standardError.write(Data((sentence + "\n").utf8))
    }
}
