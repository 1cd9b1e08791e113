import Foundation
import RSASigning
import Testing

@testable import SignetKeyring

@Suite struct RotationSimulationTests {
    static func fleet() throws -> [any SimulatedVerifier] {
        let own = OwnVerifier(key: try RSAKeyPair.make().key.publicKey)
        return [own] + CachePolicy.inTheField.map { PolicyVerifier(policy: $0) }
    }

    /// Prints the result of a simulation for the script `Scripts/simulate-rotation`.
    static func report(_ title: String, _ result: (tallies: [RotationSimulation.Tally], rotations: Int)) {
        guard ProcessInfo.processInfo.environment["SIGNET_TEST_ROTATION_REPORT"] != nil else { return }
        func cell(_ text: String, _ width: Int) -> String {
            text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
        }
        var lines = ["REPORT \(title); \(result.rotations) rotations"]
        lines.append(
            "REPORT   " + cell("verifier keeps keys", 42) + cell("accepted", 11) + cell("refused", 10)
                + cell("for at most", 13) + "had none")
        for tally in result.tallies {
            lines.append(
                "REPORT   " + cell(tally.name, 42) + cell("\(tally.accepted)", 11) + cell("\(tally.refused)", 10)
                    + cell("\(tally.longestRefusal) s", 13) + "\(tally.unavailable)")
        }
        print(lines.joined(separator: "\n"))
    }

    @Test
    func
        `in a year of rotations every 30 days no verifier that caches keys for less than the lead refuses a valid token`()
        throws
    {
        let simulation = RotationSimulation(policy: .standard, duration: 365 * 86_400, skew: 60, outage: 3 * 3600)
        let result = simulation.run(try Self.fleet())
        Self.report("One year: rotation 30d, lead 24h, max-age 5m, clocks ±60 s, outages of 3 h", result)
        #expect(result.rotations >= 11)
        for tally in result.tallies where !tally.name.hasPrefix("2 days") {
            #expect(tally.refused == 0, "\(tally.name)")
            #expect(tally.accepted > 100_000)
        }
        // The simulation must be able to find refusals: a new key is published for only 24 hours before it signs, so a
        // verifier that caches keys for two days must refuse tokens.
        #expect(result.tallies.contains { $0.name == "2 days fixed" && $0.refused > 0 })
    }

    @Test
    func
        `with daily rotations and a lead of two hours, only verifiers that cache keys for longer than the lead refuse tokens`()
        throws
    {
        let policy = try KeyPolicyTests.policy(rotation: 86_400, lead: 7200, maxAge: 300)
        let simulation = RotationSimulation(policy: policy, duration: 60 * 86_400, skew: 60, outage: 1200)
        let result = simulation.run(try Self.fleet(), seed: 2)
        Self.report("60 days: rotation 1d, lead 2h, max-age 5m, clocks ±60 s, outages of 20 min", result)
        let beyond: Set = ["4 h fixed", "10 h fixed", "2 days fixed", "2 days fixed, asks for unknown keys"]
        for tally in result.tallies where !beyond.contains(tally.name) {
            #expect(tally.refused == 0, "\(tally.name)")
        }
        for name in ["4 h fixed", "10 h fixed", "2 days fixed"] {
            #expect(result.tallies.contains { $0.name == name && $0.refused > 0 }, "\(name)")
        }
    }

    @Test func `the simulation finds refusals if keys have no lead`() throws {
        // Simulate an issuer that signs with a new key almost as soon as the key is published.
        let policy = KeyPolicy(
            uncheckedRotationInterval: .seconds(86_400), lead: .seconds(1), maxAge: .seconds(1),
            accessTokenLifetime: .seconds(900), sessionLifetime: .seconds(86_400))
        let simulation = RotationSimulation(policy: policy, duration: 20 * 86_400, skew: 0, outage: 0)
        let result = simulation.run(try Self.fleet(), seed: 3)
        Self.report("20 days: rotation 1d, no lead to speak of", result)
        #expect(result.tallies.contains { $0.name == "5 min fixed" && $0.refused == 0 })
        #expect(result.tallies.contains { $0.name == "600 s fixed, cooldown 30 s" && $0.refused == 0 })
        #expect(result.tallies.contains { $0.name == "4 h fixed" && $0.refused > 0 })
    }
}
