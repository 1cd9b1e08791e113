import Foundation
import SignetStore
import Synchronization
import TestSupport
import Testing

@testable import SignetIssuer
@testable import SignetStoreLMDB

/// Tampers with the files of a real store and expects the audit verification to find the change.
@Suite struct AuditVerificationTests {
    private let directory = TemporaryDirectory()

    /// Fills the audit log with `count` logins of two accounts.
    private func filled(count: Int = 10) async throws -> (entries: [AuditEntry], state: AuditState) {
        let users = [UserID.random(), UserID.random()]
        return try await withStore { store in
            let trail = AuditTrail(store: store) { WallClock.start }
            try await store.write { writer in
                for number in 0..<count {
                    let user = users[number % 2]
                    try trail.record(AuditEvent(.login, by: .user(user), subject: user), in: writer)
                }
            }
            let (entries, state) = try store.read { (try $0.auditEntries(after: 0, limit: count), try $0.auditState()) }
            try #require(entries.count == count)
            return (entries, state)
        }
    }

    private func withStore<Result>(_ body: (LMDBStore) async throws -> Result) async throws -> Result {
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        return try await body(store)
    }

    /// Changes the LMDB tables of the store directly. The store must be closed.
    private func tamper(_ body: (LMDBTransaction) throws -> Void) throws {
        let environment = try LMDBEnvironment(path: directory.path, mapSize: 64 << 20, readers: 1)
        defer { environment.close() }
        try environment.openTables()
        var failure: (any Error)?
        try environment.write { (transaction) throws(LMDBCode) in
            try transaction.run { transaction in
                do { try body(transaction) } catch { failure = error }
                return true
            }
        }
        if let failure { throw failure }
    }

    private func verify(noted: AuditLink? = nil) async throws -> AuditVerification.Report {
        try await withStore { try await AuditVerification.run(on: $0, noted: noted) }
    }

    private func expectFinding(
        _ code: AuditFinding.Code, at sequence: UInt64, noted: AuditLink? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        await #expect(throws: AuditFinding(code, at: sequence), sourceLocation: sourceLocation) {
            try await verify(noted: noted)
        }
    }

    private func link(_ entry: AuditEntry) -> AuditLink {
        AuditLink(sequence: entry.sequence, hash: AuditChain.hash(of: entry))
    }

    @Test func `an untouched log is intact, and every earlier head is proven`() async throws {
        #expect(try await verify().count == 0)
        let (entries, state) = try await filled(count: 1_100)
        let report = try await verify()
        #expect(report.count == 1_100)
        #expect(report.head == state.head && report.head == link(entries[1_099]))
        #expect(report.provesNotedHead == nil)
        for entry in [entries[0], entries[511], entries[512], entries[1_099]] {
            #expect(try await verify(noted: link(entry)).provesNotedHead == true)
        }
        #expect(try await verify(noted: .start).provesNotedHead == true)
    }

    @Test func `a change of any byte of any record is found`() async throws {
        let (entries, _) = try await filled(count: 3)
        for entry in entries {
            for position in entry.bytes.indices {
                var bytes = entry.bytes
                bytes[position] ^= 1
                try tamper { try $0.put(bytes, for: KeySequence.bytes(entry.sequence), in: .audit) }
                await #expect(throws: (any Error).self, "byte \(position) of record \(entry.sequence)") {
                    try await verify()
                }
            }
            try tamper { try $0.put(entry.bytes, for: KeySequence.bytes(entry.sequence), in: .audit) }
        }
        #expect(try await verify().count == 3)
    }

    @Test func `a changed record is found at the next one, and a changed last record at the head`()
        async throws
    {
        let (entries, _) = try await filled()
        for (entry, found) in [(entries[3], UInt64(5)), (entries[9], 10)] {
            var bytes = entry.bytes
            bytes[bytes.count - 1] ^= 1
            try tamper { try $0.put(bytes, for: KeySequence.bytes(entry.sequence), in: .audit) }
            await expectFinding(.changed, at: found)
            try tamper { try $0.put(entry.bytes, for: KeySequence.bytes(entry.sequence), in: .audit) }
        }
    }

    @Test func `bytes that cannot be decoded are reported as damage`() async throws {
        _ = try await filled()
        try tamper { try $0.put([1, 2, 3], for: KeySequence.bytes(4), in: .audit) }
        await expectFinding(.damaged, at: 4)
    }

    @Test(arguments: [1, 5, 9] as [UInt64])
    func `a record that was removed is found`(sequence: UInt64) async throws {
        _ = try await filled()
        try tamper { try $0.remove(KeySequence.bytes(sequence), from: .audit) }
        await expectFinding(.missing, at: sequence)
    }

    @Test func `two records that were swapped are found`() async throws {
        let (entries, _) = try await filled()
        try tamper { transaction in
            try transaction.put(entries[6].bytes, for: KeySequence.bytes(3), in: .audit)
            try transaction.put(entries[2].bytes, for: KeySequence.bytes(7), in: .audit)
        }
        await expectFinding(.changed, at: 3)
    }

    @Test(arguments: [1, 4, 10])
    func `records removed from the end are found`(count: Int) async throws {
        _ = try await filled()
        try tamper { transaction in
            for sequence in (11 - count)...10 {
                try transaction.remove(KeySequence.bytes(UInt64(sequence)), from: .audit)
            }
        }
        await expectFinding(.truncated, at: UInt64(11 - count))
    }

    @Test func `a record beyond the head is found`() async throws {
        let (entries, _) = try await filled()
        try tamper { try $0.put(entries[0].bytes, for: KeySequence.bytes(11), in: .audit) }
        await expectFinding(.added, at: 11)
    }

    @Test(arguments: [1, 10, AuditVerification.batchSize])
    func `records without a head, or beyond a head at the end of a batch, are found`(count: Int) async throws {
        let (entries, state) = try await filled(count: count)
        try tamper { try $0.put(entries[0].bytes, for: KeySequence.bytes(UInt64(count) + 1), in: .audit) }
        await expectFinding(.added, at: UInt64(count) + 1)
        try tamper { transaction in
            try transaction.remove(KeySequence.bytes(UInt64(count) + 1), from: .audit)
            try transaction.remove(AuditKeys.state, from: .meta)
        }
        await expectFinding(.added, at: 1)
        try tamper { try $0.put(try state.encoded(), for: AuditKeys.state, in: .meta) }
        #expect(try await verify().count == UInt64(count))
    }

    @Test func `an index row that was removed is found`() async throws {
        let (entries, _) = try await filled()
        let record = try entries[4].record()
        let rows: [(Table, [UInt8])] = [
            (.auditByTime, AuditKeys.time(record)), (.auditBySubject, try #require(AuditKeys.subject(record))),
        ]
        for (table, key) in rows {
            try tamper { try $0.remove(key, from: table) }
            await expectFinding(.notIndexed, at: 5)
            try tamper { try $0.put([], for: key, in: table) }
        }
        #expect(try await verify().count == 10)
    }

    @Test func `a row that belongs to no record is found in every table`() async throws {
        let (entries, _) = try await filled()
        let record = try entries[4].record()
        let sequence = KeySequence.bytes(5)
        let subject = UserID.random().bytes
        let rows: [(Table, [UInt8])] = [
            (.audit, [0]), (.auditByTime, [1]), (.auditBySubject, []),
            // Two more index rows for record 5, which exists, and one index row each for the records 11 and 0, which do
            // not exist.
            (.auditByTime, KeyTime.bytes(record.time + .seconds(1)) + sequence), (.auditBySubject, subject + sequence),
            (.auditByTime, KeyTime.bytes(record.time) + KeySequence.bytes(11)),
            (.auditBySubject, subject + KeySequence.bytes(0)),
        ].filter { !$0.1.isEmpty }
        for (table, key) in rows {
            try tamper { try $0.put([], for: key, in: table) }
            await expectFinding(.stray, at: 10)
            try tamper { try $0.remove(key, from: table) }
        }
        #expect(try await verify().count == 10)
    }

    @Test(arguments: [1, -1, 1 << 40])
    func `a wrong size of the log is found`(difference: Int64) async throws {
        let (_, state) = try await filled()
        let byteCount = UInt64(Int64(state.byteCount) + difference)
        let changed = AuditState(anchor: state.anchor, head: state.head, byteCount: byteCount)
        try tamper { try $0.put(try changed.encoded(), for: AuditKeys.state, in: .meta) }
        await expectFinding(.wrongSize, at: 10)
    }

    @Test func `only a noted head reveals that the whole log was rewritten`()
        async throws
    {
        let (entries, state) = try await filled()
        try tamper { transaction in
            for sequence in 1...10 { try transaction.remove(KeySequence.bytes(UInt64(sequence)), from: .audit) }
            for entry in entries {
                let record = try entry.record()
                try transaction.remove(AuditKeys.time(record), from: .auditByTime)
                if let key = AuditKeys.subject(record) { try transaction.remove(key, from: .auditBySubject) }
            }
            try transaction.remove(AuditKeys.state, from: .meta)
        }
        let (_, forged) = try await filled(count: 11)
        #expect(try await verify().head == forged.head)
        await expectFinding(.otherHead, at: 10, noted: state.head)
        await expectFinding(.otherHead, at: 1, noted: link(entries[0]))
    }

    @Test func `only a noted head reveals that the newest records were removed together with the head`() async throws {
        let (entries, state) = try await filled()
        try tamper { transaction in
            try transaction.remove(KeySequence.bytes(10), from: .audit)
            let last = try entries[9].record()
            try transaction.remove(AuditKeys.time(last), from: .auditByTime)
            if let key = AuditKeys.subject(last) { try transaction.remove(key, from: .auditBySubject) }
            let cut = AuditState(
                anchor: .start, head: link(entries[8]),
                byteCount: state.byteCount - AuditKeys.byteCount(last, encoded: entries[9].bytes))
            try transaction.put(try cut.encoded(), for: AuditKeys.state, in: .meta)
        }
        #expect(try await verify().count == 9)
        await expectFinding(.truncated, at: 10, noted: state.head)
        #expect(try await verify(noted: link(entries[8])).provesNotedHead == true)
    }

    @Test func `a trimmed log is intact from its anchor on, and a head noted before the anchor cannot be proven`()
        async throws
    {
        let (entries, _) = try await filled()
        try await withStore { store in
            _ = try await store.write {
                try $0.trimAudit(
                    before: WallClock.start + .seconds(1), at: Timestamp(milliseconds: .max), downTo: .max, limit: 4)
            }
        }
        #expect(try await verify().count == 6)
        #expect(try await verify(noted: link(entries[2])).provesNotedHead == nil)
        #expect(try await verify(noted: link(entries[3])).provesNotedHead == true)
        #expect(try await verify(noted: link(entries[4])).provesNotedHead == true)
        await expectFinding(.otherHead, at: 4, noted: AuditLink(sequence: 4, hash: link(entries[2]).hash))
    }

    @Test func `a verification continues while records are appended and trimmed`() async throws {
        _ = try await filled(count: 2_000)
        try await withStore { store in
            let trail = AuditTrail(store: store) { WallClock.start }
            var steps = 0
            let report = try await AuditVerification.run(on: store) { checked in
                steps += 1
                guard steps == 1 else { return }
                #expect(checked == 512)
                // After the first batch of the verification, another caller appends a record and trims up to 1000 old
                // records.
                await #expect(throws: Never.self) {
                    try await store.write { writer in
                        try trail.record(AuditEvent(.login, by: .anonymous), in: writer)
                        return try writer.trimAudit(
                            before: WallClock.start + .seconds(1), at: Timestamp(milliseconds: .max), downTo: .max,
                            limit: 1_000)
                    }
                }
            }
            #expect(steps > 1)
            #expect(report.count == 512 + 1_001)
            #expect(report.head.sequence == 2_001)
        }
    }
}
