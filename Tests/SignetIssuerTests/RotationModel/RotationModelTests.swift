import Foundation
import SignetStore
import Testing

@testable import SignetIssuer

/// The value of an environment variable as a number; `nil` if the variable is not set or is not a number.
private func environmentNumber(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
}

/// Simulates sessions with random steps on a real issuer and store, and checks the rules of refresh token rotation.
///
/// The environment variable `SIGNET_TEST_ROTATION_SEQUENCES` sets the number of sessions, for example 100000, and makes
/// the test print its progress. `SIGNET_TEST_ROTATION_SEED` sets the random seed. The same seed gives the same
/// sessions.
@Suite(.timeLimit(.minutes(environmentNumber("SIGNET_TEST_ROTATION_SEQUENCES") == nil ? 5 : 600)))
struct RotationModelTests {
    @Test func `honest clients stay logged in, thieves are caught, and other sessions are unchanged`() async throws {
        let requested = environmentNumber("SIGNET_TEST_ROTATION_SEQUENCES")
        let seed = environmentNumber("SIGNET_TEST_ROTATION_SEED") ?? Int.random(in: 0...Int(Int32.max))
        let search = RotationSearch(
            seed: UInt64(seed), sequences: requested ?? 2000,
            workers: max(2, ProcessInfo.processInfo.activeProcessorCount)
        ) { try await IssuerSubject() }
        let begin = ContinuousClock.now
        let finding = try await search.run { done in
            if requested != nil {
                print("rotation model: \(done) sequences, \(ContinuousClock.now - begin), seed \(seed)")
            }
        }
        if let finding { Issue.record("\(finding)") }
    }

    /// A wrong rule for the rotation of refresh tokens. The rule has one deliberate mistake.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rule: RotationRule
    }

    private static func right(
        _ generation: UInt32, _ family: FamilyRecord, _ now: Timestamp, _ policy: RotationPolicy
    ) -> RotationDecision {
        RotationDecision(presenting: generation, to: family, userIsActive: true, at: now, policy: policy)
    }

    static let mistakes: [Mistake] = [
        Mistake(testDescription: "the reuse window is ignored") { generation, family, now, policy in
            let none = RotationPolicy(
                reuseWindow: .zero, idleLifetime: policy.idleLifetime, secretID: policy.secretID,
                accessTokenLifetime: policy.accessTokenLifetime, address: policy.address)
            return right(generation, family, now, none)
        },
        Mistake(testDescription: "the reuse window never ends") { generation, family, now, policy in
            guard generation == family.parent, family.isAlive(at: now) else {
                return right(generation, family, now, policy)
            }
            return .replay(nil)
        },
        Mistake(testDescription: "the parent is not stored") { generation, family, now, policy in
            guard case .rotate(var record) = right(generation, family, now, policy) else {
                return right(generation, family, now, policy)
            }
            record.parent = nil
            return .rotate(record)
        },
        Mistake(testDescription: "reuse is refused but does not revoke the family") { generation, family, now, policy in
            guard case .reuse = right(generation, family, now, policy) else {
                return right(generation, family, now, policy)
            }
            return .refused(.revoked)
        },
        Mistake(testDescription: "any older token recovers") { generation, family, now, policy in
            guard case .reuse = right(generation, family, now, policy) else {
                return right(generation, family, now, policy)
            }
            return right(family.generation, family, now, policy)
        },
        Mistake(testDescription: "a recovery makes the unused child its parent") { generation, family, now, policy in
            guard case .recover(var record) = right(generation, family, now, policy) else {
                return right(generation, family, now, policy)
            }
            record.parent = family.generation
            return .recover(record)
        },
        Mistake(testDescription: "a recovery does not start a reuse window") { generation, family, now, policy in
            guard case .recover(var record) = right(generation, family, now, policy) else {
                return right(generation, family, now, policy)
            }
            record.rotatedAt = family.rotatedAt
            return .recover(record)
        },
        Mistake(testDescription: "a rotation does not extend the idle lifetime") { generation, family, now, policy in
            guard case .rotate(var record) = right(generation, family, now, policy) else {
                return right(generation, family, now, policy)
            }
            record.idleExpiresAt = family.idleExpiresAt
            return .rotate(record)
        },
        Mistake(testDescription: "the idle lifetime is ignored") { generation, family, now, policy in
            var lasting = family
            lasting.idleExpiresAt = max(lasting.idleExpiresAt, now + .seconds(1))
            return right(generation, lasting, now, policy)
        },
    ]

    @Test(arguments: mistakes)
    func `the model finds a mistake in the rotation rule and shows it in few steps`(_ mistake: Mistake) async throws {
        let search = RotationSearch(seed: 7, sequences: 2000, workers: 1) {
            try await DecisionSubject(rule: mistake.rule)
        }
        let finding = try #require(try await search.run(), "\(mistake.testDescription): the mistake was not found")
        #expect(finding.steps.count <= 8, "\(finding)")
    }

    @Test func `a token from a late replay is not replaced while another request is on its way`() async throws {
        let story: [RotationStep] = [
            .send(tab: 0), .arrive(0), .wait(seconds: 23),
            // After 23 s the first answer is still on its way, and both tabs send the old refresh token. The request of
            // tab 0 arrives at once. It is late in the reuse window of 30 s, so the issuer starts the window again. The
            // request of tab 1 arrives 7 s later, and must get the same new token as tab 0.
            .send(tab: 0), .arrive(0), .send(tab: 1), .wait(seconds: 7), .deliver(0), .arrive(0),
        ]
        for (isRight, rule) in [(true, Self.right), (false, Self.neverRenewing)] {
            let subject = try await DecisionSubject(rule: rule)
            defer { subject.end() }
            do {
                try await RotationRun.run(story, on: subject)
                #expect(isRight)
            } catch let violation as RotationViolation {
                #expect(!isRight, "\(violation)")
            }
        }
        let subject = try await IssuerSubject()
        defer { subject.end() }
        try await RotationRun.run(story, on: subject)
    }

    private static func neverRenewing(
        _ generation: UInt32, _ family: FamilyRecord, _ now: Timestamp, _ policy: RotationPolicy
    ) -> RotationDecision {
        let decision = right(generation, family, now, policy)
        return if case .replay = decision { .replay(nil) } else { decision }
    }

    @Test func `the model finds no mistake in the correct rule`() async throws {
        let search = RotationSearch(seed: 7, sequences: 500, workers: 1) {
            try await DecisionSubject(rule: Self.right)
        }
        #expect(try await search.run()?.description == nil)
    }
}
