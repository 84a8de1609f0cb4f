// SPDX-License-Identifier: MIT
internal import Synchronization

/// Bounds how fast keys can be tried out at the login form, for each address and for all together.
///
/// Each has a bucket of attempts that fills again with time; a key that is right costs nothing. Memory is bounded: of
/// more addresses than ``addressLimit``, the one that has been quiet longest is forgotten, and what forgetting allows
/// is still within the bucket of all.
final class LoginLimiter: Sendable {
    /// Attempts of an address at once, and seconds until it has another one.
    static let address = Rate(burst: 5, secondsPerAttempt: 12)
    /// The same for all addresses together.
    static let total = Rate(burst: 30, secondsPerAttempt: 2)
    /// Addresses that are remembered.
    static let addressLimit = 1024

    struct Rate: Sendable {
        let burst: Double
        let secondsPerAttempt: Double
    }

    private struct Bucket {
        var attempts: Double
        var seenAt: ContinuousClock.Instant

        init(_ rate: Rate, _ now: ContinuousClock.Instant) {
            attempts = rate.burst
            seenAt = now
        }

        mutating func refill(_ rate: Rate, _ now: ContinuousClock.Instant) {
            let seconds = seenAt.duration(to: now) / .seconds(1)
            attempts = min(rate.burst, attempts + max(0, seconds) / rate.secondsPerAttempt)
            seenAt = max(seenAt, now)
        }

        /// Seconds until there is a whole attempt; 0 when there is one.
        func wait(_ rate: Rate) -> Double { max(0, 1 - attempts) * rate.secondsPerAttempt }
    }

    private struct State {
        var addresses: [String: Bucket] = [:]
        var total: Bucket
    }

    private let state: Mutex<State>

    init(now: ContinuousClock.Instant = .now) {
        state = Mutex(State(total: Bucket(Self.total, now)))
    }

    /// Takes an attempt of `address`; when there is none, the whole seconds until there is one again.
    func take(_ address: String, now: ContinuousClock.Instant = .now) -> Int? {
        state.withLock { state in
            var bucket = state.addresses[address] ?? Bucket(Self.address, now)
            bucket.refill(Self.address, now)
            state.total.refill(Self.total, now)
            let wait = max(bucket.wait(Self.address), state.total.wait(Self.total))
            if wait == 0 {
                bucket.attempts -= 1
                state.total.attempts -= 1
            }
            Self.remember(bucket, address, in: &state)
            return wait == 0 ? nil : max(1, Int(wait.rounded(.up)))
        }
    }

    /// Gives the attempt back: the key was right.
    func giveBack(_ address: String) {
        state.withLock { state in
            state.total.attempts += 1
            state.addresses[address]?.attempts += 1
        }
    }

    private static func remember(_ bucket: Bucket, _ address: String, in state: inout State) {
        if state.addresses[address] == nil, state.addresses.count >= addressLimit {
            let quietest = state.addresses.min { $0.value.seenAt < $1.value.seenAt }
            if let quietest { state.addresses[quietest.key] = nil }
        }
        state.addresses[address] = bucket
    }
}
