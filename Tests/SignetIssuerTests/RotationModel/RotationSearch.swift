import Synchronization
import TestSupport

@testable import SignetIssuer

/// Runs many random sequences of steps. If the issuer breaks a rule of token rotation during a sequence, reduces the
/// sequence to few steps that still show the fault.
struct RotationSearch: Sendable {
    let seed: UInt64
    let sequences: Int
    let workers: Int
    let makeSubject: @Sendable () async throws -> any RotationSubject

    /// A short sequence of steps during which the issuer breaks a rule of token rotation.
    struct Finding: Error, CustomStringConvertible {
        let seed: UInt64
        let sequence: Int
        let steps: [RotationStep]
        let violation: RotationViolation

        var description: String {
            """
            sequence \(sequence) of seed \(seed), shrunk to \(steps.count) steps:
            \(violation)
            """
        }
    }

    /// The state that the concurrent tasks of a search share.
    private final class Progress: Sendable {
        let next = Atomic<Int>(0)
        let finding = Mutex<Finding?>(nil)

        var isOver: Bool { finding.withLock { $0 != nil } }

        func add(_ found: Finding) {
            finding.withLock { $0 = $0.map { $0.sequence < found.sequence ? $0 : found } ?? found }
        }
    }

    /// Runs random sequences of steps until the issuer breaks a rule of token rotation, or all sequences have run.
    /// - Parameter onProgress: called after every 1000 sequences with the number of sequences so far.
    /// - Returns: the sequence during which the issuer broke a rule; `nil` if there was none. If concurrent tasks find
    ///   several, returns the one with the lowest number.
    func run(onProgress: @escaping @Sendable (Int) -> Void = { _ in }) async throws -> Finding? {
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers {
                group.addTask { try await work(progress, onProgress: onProgress) }
            }
            try await group.waitForAll()
        }
        return progress.finding.withLock { $0 }
    }

    private func work(_ progress: Progress, onProgress: @Sendable (Int) -> Void) async throws {
        while try await work(progress, onProgress: onProgress, on: makeSubject()) {}
    }

    /// Runs up to 500 sequences of steps on one issuer. With more sequences, the audit log of the issuer becomes long,
    /// and the steps that restart the issuer become slow.
    /// - Returns: `true` if more sequences remain.
    private func work(
        _ progress: Progress, onProgress: @Sendable (Int) -> Void, on subject: any RotationSubject
    ) async throws -> Bool {
        defer { subject.end() }
        for _ in 0..<500 {
            let number = progress.next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < sequences, !progress.isOver else { return false }
            if number > 0, number.isMultiple(of: 1000) { onProgress(number) }
            if let finding = try await check(number, on: subject) { progress.add(finding) }
        }
        return true
    }

    private func check(_ number: Int, on subject: any RotationSubject) async throws -> Finding? {
        var mixer = SeededGenerator(seed: seed &+ UInt64(number))
        var steps = RotationStep.sequence(seed: mixer.next())
        guard var violation = try await Self.violation(of: steps, on: subject) else { return nil }
        var isSmaller = true
        while isSmaller {
            isSmaller = false
            for candidate in Self.smaller(steps) {
                guard let found = try await Self.violation(of: candidate, on: subject) else { continue }
                (steps, violation, isSmaller) = (candidate, found, true)
                break
            }
        }
        return Finding(seed: seed, sequence: number, steps: steps, violation: violation)
    }

    private static func violation(
        of steps: [RotationStep], on subject: any RotationSubject
    ) async throws -> RotationViolation? {
        do {
            try await RotationRun.run(steps, on: subject)
            return nil
        } catch let violation as RotationViolation {
            return violation
        }
    }

    /// Returns simpler variants of `steps`. Variants with fewer steps come first, the shortest before the others. Then
    /// come variants in which one step is simpler.
    private static func smaller(_ steps: [RotationStep]) -> [[RotationStep]] {
        var candidates: [[RotationStep]] = []
        var cut = steps.count
        while cut > 0 {
            for start in stride(from: 0, through: steps.count - cut, by: cut) {
                var shorter = steps
                shorter.removeSubrange(start..<start + cut)
                candidates.append(shorter)
            }
            cut /= 2
        }
        for index in steps.indices {
            for simpler in steps[index].simplifications {
                var simplified = steps
                simplified[index] = simpler
                candidates.append(simplified)
            }
        }
        return candidates
    }
}
