import SignetStore

/// A duration that was promised to others, and how long what was made under a longer one may still be around.
struct KeyringBound: Sendable, Hashable {
    let duration: Duration
    /// The end of the last thing that was made under a longer bound; `nil` when there is none.
    let earlierUntil: Timestamp?

    init(_ duration: Duration, earlierUntil: Timestamp? = nil) {
        self.duration = duration
        self.earlierUntil = earlierUntil
    }

    /// The latest end of whatever is made until `time`.
    func end(ofAllMadeUntil time: Timestamp) -> Timestamp {
        max(time + duration, earlierUntil ?? time)
    }

    /// The bound from now on. What is around from before keeps its life.
    func replaced(by duration: Duration, at now: Timestamp) -> KeyringBound {
        let end = end(ofAllMadeUntil: now + KeyPolicy.notice).roundedUp
        guard duration < self.duration || (earlierUntil ?? now) > now else { return KeyringBound(duration) }
        return KeyringBound(duration, earlierUntil: end)
    }
}
