import Testing

@testable import SignetIssuer

@Suite struct PasswordHasherTests {
    @Test func `the standard cost is 19 MiB and two passes of Argon2id`() async throws {
        let hash = try await PasswordHasher(threads: 1).hash("correct horse")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    }

    @Test func `a password matches its own hash only`() async throws {
        let hasher = PasswordHasher(threads: 1, cost: .cheap)
        let hash = try await hasher.hash("correct horse")
        #expect(try await hasher.verify("correct horse", against: hash))
        for other in ["", "correct hors", "correct horse ", "correct horse\u{0}", "Correct horse"] {
            #expect(try await !hasher.verify(other, against: hash))
        }
    }

    @Test func `equal passwords have different hashes`() async throws {
        let hasher = PasswordHasher(threads: 1, cost: .cheap)
        #expect(try await hasher.hash("correct horse") != hasher.hash("correct horse"))
    }

    @Test func `bytes after a NUL count`() async throws {
        let hasher = PasswordHasher(threads: 1, cost: .cheap)
        let hash = try await hasher.hash("a\u{0}b")
        #expect(try await hasher.verify("a\u{0}b", against: hash))
        #expect(try await !hasher.verify("a\u{0}c", against: hash))
    }

    @Test func `a hash from another Argon2 implementation is understood`() async throws {
        // The Python library argon2-cffi 25.1.0 made this hash.
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$0QA6xlnj0TyapIWaS3ZoVQ$ADvVCx7o5c+Z+kFNyOQrOopKbJTc7mOZD30BevmF+HQ"
        let hasher = PasswordHasher(threads: 1, cost: .cheap)
        #expect(try await hasher.verify("a", against: hash))
        #expect(try await !hasher.verify("b", against: hash))
    }

    @Test func `no password matches a text that is not a hash`() async throws {
        let hasher = PasswordHasher(threads: 1, cost: .cheap)
        for text in ["", "x", "$argon2id$", String(repeating: "$", count: 127), String(repeating: "a", count: 100_000)]
        {
            #expect(try await !hasher.verify("x", against: text))
        }
    }

    @Test func `a user who does not exist costs the same hashing`() async throws {
        let cost = PasswordHashingCost(passes: 3, kibibytes: 64)
        // A login of an unknown user checks the password against `unmatchable` instead of a hash. libsodium must read
        // this text as a hash of the same cost, so that the check takes as long as for a known user.
        #expect(!Argon2id.needsRehash(Argon2id.unmatchable(cost: cost), cost: cost))
        #expect(Argon2id.unmatchable(cost: cost) != Argon2id.unmatchable(cost: cost))
        #expect(try await !PasswordHasher(threads: 1, cost: .cheap).verify("", against: nil))
    }

    @Test func `a hash of another cost or algorithm needs a rehash`() async throws {
        let hasher = PasswordHasher(threads: 1, cost: .cheap)
        let hash = try await hasher.hash("x")
        #expect(!hasher.needsRehash(hash))
        #expect(PasswordHasher(threads: 1, cost: PasswordHashingCost(passes: 2, kibibytes: 8)).needsRehash(hash))
        #expect(hasher.needsRehash("$2b$10$abcdefghijklmnopqrstuv"))
    }

    @Test(arguments: [
        (0, 1, 50, 1), (19, 1, 50, 1), (21, 1, 50, 2), (40, 2, 50, 1), (256, 2, 50, 7), (10_000, 1, 50, 30),
    ])
    func `Retry-After is the time that the queue needs, from 1 to 30 seconds`(
        jobs: Int, threads: Int, each: Int64, seconds: Int
    ) {
        #expect(PasswordHasher.wait(jobs: jobs, threads: threads, millisecondsEach: each) == seconds)
    }
}
