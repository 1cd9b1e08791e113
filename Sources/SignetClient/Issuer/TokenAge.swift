import HTTPFetching
import JOSE

/// What an access token's times say about using it.
enum TokenAge: Sendable, Hashable {
    /// To be used as it is.
    case fresh
    /// Still good; the next one should be asked for.
    case ageing
    /// Over, or so close to its end that it might be when it arrives.
    case stale

    /// The age of a token at `now`.
    ///
    /// The margin is at most a tenth of the token's life, so that a short life leaves something to use. A wall clock that
    /// is set back makes no token younger; one behind the time of issue makes it stale.
    init(_ life: TokenLife, at now: ClockReading, margin: Duration, renewalPoint: Double) {
        let margin = min(margin.inSeconds, life.length / 10)
        if let age = life.age(at: now), age < life.length - margin {
            self = age >= life.length * renewalPoint ? .ageing : .fresh
        } else {
            self = .stale
        }
    }
}
