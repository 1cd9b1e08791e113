import SignetStore
import Testing

extension StoreContract {
    static var revocations: [Clause] {
        [
            Clause("A token id is revoked, and revoking it again changes nothing") { store async throws in
                try await store.write { try $0.revoke(tokenID: "a", until: Timestamp(seconds: 100)) }
                try await store.write { try $0.revoke(tokenID: "a", until: Timestamp(seconds: 100)) }
                try store.read { reader throws in
                    #expect(try reader.isRevoked(tokenID: "a"))
                    #expect(try reader.isRevoked(tokenID: "b") == false)
                }
            },
            Clause("A token id that is revoked twice keeps the later expiry") { store async throws in
                try await store.write { writer in
                    try writer.revoke(tokenID: "up", until: Timestamp(seconds: 100))
                    try writer.revoke(tokenID: "up", until: Timestamp(seconds: 200))
                    try writer.revoke(tokenID: "down", until: Timestamp(seconds: 200))
                    try writer.revoke(tokenID: "down", until: Timestamp(seconds: 100))
                }
                try await store.write { _ = try $0.sweep(at: Timestamp(seconds: 199), limit: 100) }
                for id in ["up", "down"] { #expect(try store.read { try $0.isRevoked(tokenID: id) }) }
                try await store.write { _ = try $0.sweep(at: Timestamp(seconds: 200), limit: 100) }
                for id in ["up", "down"] { #expect(try store.read { try $0.isRevoked(tokenID: id) } == false) }
            },
            Clause("A token id of 255 bytes can be revoked, an empty or longer one cannot") { store async throws in
                let longest = String(repeating: "j", count: 255)
                try await store.write { try $0.revoke(tokenID: longest, until: Timestamp(seconds: 1)) }
                #expect(try store.read { try $0.isRevoked(tokenID: longest) })
                for id in ["", longest + "j"] {
                    await #expect(throws: StoreError(.invalidRecord, "")) {
                        try await store.write { try $0.revoke(tokenID: id, until: Timestamp(seconds: 1)) }
                    }
                    #expect(try store.read { try $0.isRevoked(tokenID: id) } == false)
                }
            },
        ]
    }

    static var sweeping: [Clause] {
        [
            Clause("A sweep removes expired records in batches, and nothing else") { store async throws in
                let dead = (0..<10).map { _ in FamilyRecord.make(idleExpiresAt: Timestamp(seconds: 2_000)) }
                let alive = FamilyRecord.make(idleExpiresAt: Timestamp(milliseconds: 2_000_001))
                try await store.write { writer in
                    for family in dead + [alive] { try writer.insert(family) }
                    for number in 0..<10 { try writer.revoke(tokenID: "\(number)", until: Timestamp(seconds: 1_999)) }
                    try writer.revoke(tokenID: "alive", until: Timestamp(milliseconds: 2_000_001))
                }
                let now = Timestamp(seconds: 2_000)
                var handled: [Int] = []
                repeat {
                    handled.append(try await store.write { try $0.sweep(at: now, limit: 8) })
                } while handled.last == 8 && handled.count < 10
                #expect(handled == [8, 8, 4])
                try store.read { reader throws in
                    #expect(try reader.families(after: nil, limit: 100) == [alive])
                    #expect(try reader.families(of: dead[0].userID, after: nil, limit: 10).isEmpty)
                    #expect(try reader.isRevoked(tokenID: "0") == false)
                    #expect(try reader.isRevoked(tokenID: "alive"))
                }
                #expect(try await store.write { try $0.sweep(at: now, limit: 8) } == 0)
            },
            Clause("A sweep removes a rotated family at its new expiry, not before") { store async throws in
                let family = FamilyRecord.make(idleExpiresAt: Timestamp(seconds: 2_000))
                try await store.write { try $0.insert(family) }
                let rotated = family.rotated(idleExpiresAt: Timestamp(seconds: 3_000))
                try await store.write { try $0.update(rotated) }
                try await store.write { _ = try $0.sweep(at: Timestamp(seconds: 2_999), limit: 10) }
                #expect(try store.read { try $0.family(id: family.id) } == rotated)
                try await store.write { _ = try $0.sweep(at: Timestamp(seconds: 3_000), limit: 10) }
                #expect(try store.read { try $0.family(id: family.id) } == nil)
                #expect(try store.read { try $0.families(of: family.userID, after: nil, limit: 10) }.isEmpty)
            },
            Clause("A sweep removes a family at an expiry that was moved to an earlier time") { store async throws in
                let family = FamilyRecord.make(idleExpiresAt: Timestamp(seconds: 5_000))
                try await store.write { try $0.insert(family) }
                try await store.write { try $0.update(family.rotated(idleExpiresAt: Timestamp(seconds: 2_000))) }
                try await store.write { _ = try $0.sweep(at: Timestamp(seconds: 2_000), limit: 10) }
                #expect(try store.read { try $0.family(id: family.id) } == nil)
                // The family first expired at 5000. The store has removed the family but may still have an index row
                // for 5000. The first sweep at 9000 must remove this row, so that the second sweep finds nothing.
                try await store.write { _ = try $0.sweep(at: Timestamp(seconds: 9_000), limit: 10) }
                #expect(try await store.write { try $0.sweep(at: Timestamp(seconds: 9_000), limit: 10) } == 0)
            },
            Clause("Times before 1970 are earlier than later ones for a sweep") { store async throws in
                try await store.write { writer in
                    try writer.revoke(tokenID: "before", until: Timestamp(milliseconds: -1))
                    try writer.revoke(tokenID: "after", until: Timestamp(milliseconds: 1))
                }
                #expect(try await store.write { try $0.sweep(at: Timestamp(milliseconds: 0), limit: 10) } == 1)
                #expect(try store.read { try $0.isRevoked(tokenID: "after") })
            },
            Clause("A sweep keeps a revoked family until it expires") { store async throws in
                let family = FamilyRecord.make(revokedAt: Timestamp(seconds: 1_001), revocationReason: .logout)
                try await store.write { try $0.insert(family) }
                try await store.write { _ = try $0.sweep(at: Timestamp(seconds: 1_999), limit: 10) }
                #expect(try store.read { try $0.family(id: family.id) } == family)
            },
        ]
    }
}
