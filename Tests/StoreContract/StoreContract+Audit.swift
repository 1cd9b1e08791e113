import SignetStore
import Testing

extension StoreContract {
    static var audit: [Clause] { auditChain + auditReading + auditTrimming }

    private static var auditChain: [Clause] {
        [
            Clause("A new audit log has no record, and its chain starts at link 0") { store async throws in
                try store.read { reader throws in
                    #expect(try reader.auditState() == .empty)
                    #expect(try reader.auditEntries(after: 0, limit: 10).isEmpty)
                    #expect(try reader.auditEntries(before: .max, limit: 10).isEmpty)
                }
            },
            Clause("Audit records are appended in order of their sequence numbers, and the head follows") {
                store async throws in
                let records = try await store.write { writer in try (0..<300).map { _ in try writer.appendAudit() } }
                try store.read { reader throws in
                    #expect(records.map(\.sequence) == Array(1...300))
                    #expect(try reader.auditState().head == records[299].link)
                    #expect(try reader.auditState().anchor == .start)
                    #expect(try reader.auditState().count == 300)
                    #expect(try reader.auditState().byteCount > 300 * 60)
                    #expect(try reader.auditEntries(after: 0, limit: 1_000) == records.map { try $0.entry })
                    #expect(try reader.auditEntries(after: 7, limit: 1).map { try $0.record() } == [records[7]])
                }
            },
            Clause("An audit record that does not continue the chain is a conflict") { store async throws in
                let first = AuditRecord.make()
                try await store.write { try $0.append(first) { _ in first.link.hash } }
                let forks = [
                    first, AuditRecord.make(after: AuditLink(sequence: 1, hash: AuditLink.start.hash)),
                    AuditRecord.make(after: AuditLink(sequence: 2, hash: first.link.hash)),
                ]
                for fork in forks {
                    await #expect(throws: StoreError(.conflict, "")) {
                        try await store.write { try $0.append(fork) { _ in fork.link.hash } }
                    }
                }
                #expect(try store.read { try $0.auditState().head } == first.link)
            },
            Clause("An audit record with a field outside its bounds, or with a short hash, is not written") {
                store async throws in
                let long = AuditRecord.make(address: String(repeating: "a", count: 65))
                for (record, hash) in [(long, long.link.hash), (AuditRecord.make(), [1])] {
                    await #expect(throws: StoreError(.invalidRecord, "")) {
                        try await store.write { try $0.append(record) { _ in hash } }
                    }
                }
                #expect(try store.read { try $0.auditState() } == .empty)
            },
            Clause("An audit record is undone with the transaction that appended it") { store async throws in
                await #expect(throws: CancellationError.self) {
                    try await store.write { writer in
                        try writer.appendAudit()
                        throw CancellationError()
                    }
                }
                #expect(try store.read { try $0.auditState() } == .empty)
                #expect(try store.read { try $0.auditEntries(after: 0, limit: 1) }.isEmpty)
            },
        ]
    }

    private static var auditReading: [Clause] {
        [
            Clause("Audit records are listed in descending order from any position") { store async throws in
                let records = try await store.write { writer in try (0..<5).map { _ in try writer.appendAudit() } }
                try store.read { reader throws in
                    let all = try records.reversed().map { try $0.entry }
                    #expect(try reader.auditEntries(before: .max, limit: 10) == all)
                    #expect(try reader.auditEntries(before: 6, limit: 2) == Array(all.prefix(2)))
                    #expect(try reader.auditEntries(before: 3, limit: 10) == Array(all.suffix(2)))
                    #expect(try reader.auditEntries(before: 1, limit: 10).isEmpty)
                    #expect(try reader.auditEntries(before: 0, limit: 10).isEmpty)
                }
            },
            Clause("Only the audit records of one account are listed, in descending order") { store async throws in
                let (ada, bob) = (UserID(high: 1, low: 1), UserID(high: 1, low: 2))
                try await store.write { writer in
                    for subject in [ada, bob, nil, ada, bob, ada] { try writer.appendAudit(subject: subject) }
                }
                try store.read { reader throws in
                    #expect(try reader.auditEntries(of: ada, before: .max, limit: 9).map(\.sequence) == [6, 4, 1])
                    #expect(try reader.auditEntries(of: ada, before: 6, limit: 1).map(\.sequence) == [4])
                    #expect(try reader.auditEntries(of: bob, before: .max, limit: 9).map(\.sequence) == [5, 2])
                    #expect(try reader.auditEntries(of: .random(), before: .max, limit: 9).isEmpty)
                }
            },
            Clause("The audit records of a time span are found even if the clock stepped back") { store async throws in
                try await store.write { writer in
                    for second in [10, 30, 20, 20, 40, -5] as [Int64] {
                        try writer.appendAudit(time: Timestamp(seconds: second))
                    }
                }
                func sequences(_ from: Int64, _ to: Int64, before: UInt64 = .max, limit: Int = 9) throws -> [UInt64] {
                    let span = Timestamp(seconds: from)...Timestamp(seconds: to)
                    return try store.read { try $0.auditEntries(in: span, before: before, limit: limit) }.map(
                        \.sequence)
                }
                #expect(try sequences(-10, 100) == [5, 2, 4, 3, 1, 6])
                #expect(try sequences(20, 30) == [2, 4, 3])
                #expect(try sequences(20, 20, before: 4) == [3])
                #expect(try sequences(-10, 100, limit: 2) == [5, 2])
                #expect(try sequences(41, 100).isEmpty)
                #expect(try sequences(-10, -5) == [6])
            },
        ]
    }

    private static var auditTrimming: [Clause] {
        [
            Clause("Trimming by age removes the oldest records in batches, and the anchor follows") {
                store async throws in
                let ada = UserID.random()
                let records = try await store.write { writer in
                    try (0..<10).map { try writer.appendAudit(time: Timestamp(seconds: $0), subject: ada) }
                }
                func trim(before second: Int64, limit: Int) async throws -> Int {
                    let start = Timestamp(seconds: second)
                    return try await store.write {
                        try $0.trimAudit(before: start, at: Timestamp(milliseconds: .max), downTo: .max, limit: limit)
                    }
                }
                #expect(try await trim(before: 0, limit: 9) == 0)
                #expect(try await trim(before: 4, limit: 3) == 3)
                #expect(try await trim(before: 4, limit: 3) == 1)
                try store.read { reader throws in
                    let state = try reader.auditState()
                    #expect(state.anchor == records[3].link)
                    #expect(state.head == records[9].link)
                    #expect(try reader.auditEntries(after: 0, limit: 99).map(\.sequence) == Array(5...10))
                    #expect(try reader.auditEntries(of: ada, before: .max, limit: 99).count == 6)
                    let everything = Timestamp(seconds: 0)...Timestamp(seconds: 99)
                    #expect(try reader.auditEntries(in: everything, before: .max, limit: 99).count == 6)
                }
                #expect(try await trim(before: 99, limit: 99) == 6)
                let state = try store.read { try $0.auditState() }
                #expect(state == AuditState(anchor: records[9].link, head: records[9].link, byteCount: 0))
                let next = try await store.write { try $0.appendAudit() }
                #expect(next.sequence == 11)
            },
            Clause("Trimming by age stops at the first record that is not old enough") { store async throws in
                try await store.write { writer in
                    for second in [5, 1, 9, 1] as [Int64] { try writer.appendAudit(time: Timestamp(seconds: second)) }
                }
                let removed = try await store.write { writer in
                    try writer.trimAudit(
                        before: Timestamp(seconds: 6), at: Timestamp(milliseconds: .max), downTo: .max, limit: 9)
                }
                #expect(removed == 2)
            },
            Clause("A record from the future counts as being as old as the next one that is not from the future") {
                store async throws in
                let now = Timestamp(seconds: 10)
                try await store.write { writer in
                    for second in [1, 99, 99, 2, 99, 9, 99] as [Int64] {
                        try writer.appendAudit(time: Timestamp(seconds: second))
                    }
                }
                #expect(try store.read { try $0.oldestAuditTime(at: now) } == Timestamp(seconds: 1))
                let removed = try await store.write { writer in
                    try writer.trimAudit(before: Timestamp(seconds: 5), at: now, downTo: .max, limit: 9)
                }
                #expect(removed == 4)
                #expect(try store.read { try $0.oldestAuditTime(at: now) } == Timestamp(seconds: 9))
                let rest = try await store.write { writer in
                    try writer.trimAudit(before: Timestamp(seconds: 10), at: now, downTo: .max, limit: 9)
                }
                // The records that are left have the times 99, 9 and 99, and this trim removes those before 10. A time
                // later than `now` counts as the time of the next record. So the first 99 counts as 9 and is removed,
                // like the 9. No record follows the last 99, so it stays.
                #expect(rest == 2)
                #expect(try store.read { try $0.oldestAuditTime(at: now) } == Timestamp(seconds: 99))
            },
            Clause("Many records from the future are trimmed in batches") { store async throws in
                let now = Timestamp(seconds: 10)
                try await store.write { writer in
                    for _ in 0..<300 { try writer.appendAudit(time: Timestamp(seconds: 99)) }
                    try writer.appendAudit(time: Timestamp(seconds: 1))
                    try writer.appendAudit(time: Timestamp(seconds: 9))
                }
                var removed = 0
                for _ in 0..<100 {
                    removed += try await store.write { writer in
                        try writer.trimAudit(before: Timestamp(seconds: 5), at: now, downTo: .max, limit: 8)
                    }
                }
                #expect(removed == 301)
            },
            Clause("Trimming by size removes the oldest records until the rest fits") { store async throws in
                try await store.write { writer in for _ in 0..<100 { try writer.appendAudit() } }
                let size = try store.read { try $0.auditState().byteCount }
                let removed = try await store.write { writer in
                    try writer.trimAudit(
                        before: Timestamp(seconds: 0), at: Timestamp(milliseconds: .max), downTo: size / 2, limit: 99)
                }
                #expect(removed == 50)
                let state = try store.read { try $0.auditState() }
                #expect(state.byteCount == size / 2)
                #expect(state.anchor.sequence == 50)
            },
        ]
    }
}
