import Foundation
import SignetStore
import Testing

@testable import SignetIssuer

/// Random lives of a session against the real issuer and the real store.
///
/// `SIGNET_TEST_ROTATION_SEQUENCES` says how many (100 000 for a long run, which prints its progress), and
/// `SIGNET_TEST_ROTATION_SEED` repeats a run.
@Suite("Rotation, as a model")
struct RotationModelTests {
    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test func `honest clients stay, thieves are caught, and nobody else notices`() async throws {
        let asked = Self.number("SIGNET_TEST_ROTATION_SEQUENCES")
        let seed = Self.number("SIGNET_TEST_ROTATION_SEED") ?? Int.random(in: 0...Int(Int32.max))
        let search = RotationSearch(
            seed: UInt64(seed), sequences: asked ?? 2000, workers: max(2, ProcessInfo.processInfo.activeProcessorCount)
        ) { try await IssuerSubject() }
        let begin = ContinuousClock.now
        let finding = try await search.run { done in
            if asked != nil { print("rotation model: \(done) sequences, \(ContinuousClock.now - begin), seed \(seed)") }
        }
        if let finding { Issue.record("\(finding)") }
    }

    /// A rule with one mistake in it.
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
        Mistake(testDescription: "the parent is not remembered") { generation, family, now, policy in
            guard case .rotate(var record) = right(generation, family, now, policy) else {
                return right(generation, family, now, policy)
            }
            record.parent = nil
            return .rotate(record)
        },
        Mistake(testDescription: "reuse is refused and nothing more") { generation, family, now, policy in
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
        Mistake(testDescription: "a recovery does not begin a window") { generation, family, now, policy in
            guard case .recover(var record) = right(generation, family, now, policy) else {
                return right(generation, family, now, policy)
            }
            record.rotatedAt = family.rotatedAt
            return .recover(record)
        },
        Mistake(testDescription: "a rotation does not lengthen the idle life") { generation, family, now, policy in
            guard case .rotate(var record) = right(generation, family, now, policy) else {
                return right(generation, family, now, policy)
            }
            record.idleExpiresAt = family.idleExpiresAt
            return .rotate(record)
        },
        Mistake(testDescription: "the idle life is not observed") { generation, family, now, policy in
            var lasting = family
            lasting.idleExpiresAt = max(lasting.idleExpiresAt, now + .seconds(1))
            return right(generation, lasting, now, policy)
        },
    ]

    @Test(arguments: mistakes)
    func `A rule with a mistake in it is found out and shown in few steps`(_ mistake: Mistake) async throws {
        let search = RotationSearch(seed: 7, sequences: 2000, workers: 1) {
            try await DecisionSubject(rule: mistake.rule)
        }
        let finding = try #require(try await search.run(), "\(mistake.testDescription): nothing found")
        #expect(finding.steps.count <= 8, "\(finding)")
    }

    @Test func `Nobody gets the current token shortly before the parent replaces it`() async throws {
        let story: [RotationStep] = [
            .send(tab: 0), .arrive(0), .wait(seconds: 23),
            // The answer was lost; two tabs ask again, and one of them is slow.
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

    @Test func `The right rule is not accused`() async throws {
        let search = RotationSearch(seed: 7, sequences: 500, workers: 1) {
            try await DecisionSubject(rule: Self.right)
        }
        #expect(try await search.run()?.description == nil)
    }
}
