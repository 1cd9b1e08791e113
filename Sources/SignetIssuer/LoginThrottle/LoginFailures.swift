package import SignetStore

/// The failed logins of one account or address.
package struct LoginFailures: Sendable, Hashable {
    package var count: Int
    package var last: Timestamp

    package init(count: Int, last: Timestamp) {
        self.count = count
        self.last = last
    }

    /// Whether so long ago that they count no more.
    package func areForgotten(at now: Timestamp) -> Bool { now.since(last) >= LoginThrottlePolicy.memory }
}
