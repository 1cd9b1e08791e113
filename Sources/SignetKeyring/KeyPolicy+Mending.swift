extension KeyPolicy {
    /// The same terms with the lead, and then the rotation, raised as far as the promise needs, to values that can be
    /// written in one unit: whole seconds up to two minutes, then minutes up to two hours, hours up to two days, days.
    var mended: KeyPolicy {
        let enough = with(rotation: rotation, lead: lead >= shortestLead ? lead : Self.roundedUp(leadThatHolds))
        guard let rotation else { return enough }
        // One second more than what would make one key too many.
        let most = Double(Self.mostPublished - Self.mostBesidesRetired + 1)
        let room = Duration.seconds(Int64(enough.kept / .seconds(1) / most) + 1)
        let shortest = max(enough.lead, room)
        return enough.with(
            rotation: rotation >= shortest ? rotation : Self.roundedUp(shortest), lead: enough.lead)
    }

    /// The shortest lead that holds the max-age, the notice, and twice the clock tolerance that it brings with it.
    private var leadThatHolds: Duration {
        let fixed = maxAge + Self.notice
        // A quarter of the lead goes to the clocks, until that is as much as they may ever be off.
        let proportional = Duration.seconds((fixed.components.seconds * 4 + 2) / 3)
        return min(proportional, fixed + Self.largestClockTolerance * 2)
    }

    private func with(rotation: Duration?, lead: Duration) -> KeyPolicy {
        KeyPolicy(
            uncheckedRotation: rotation, lead: lead, maxAge: maxAge, accessTokenLifetime: accessTokenLifetime,
            sessionLifetime: sessionLifetime)
    }

    private static func roundedUp(_ duration: Duration) -> Duration {
        let seconds = duration.components.seconds
        let unit: Int64 =
            switch seconds {
            case ...120: 1
            case ...7200: 60
            case ...172_800: 3600
            default: 86_400
            }
        return .seconds((seconds + unit - 1) / unit * unit)
    }
}
