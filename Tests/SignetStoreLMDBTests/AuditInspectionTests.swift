import SignetStore
import SignetStoreLMDB
import StoreContract
import TestSupport
import Testing

@Suite struct AuditInspectionTests {
    @Test func `Every stored audit record is indexed, and no other`() async throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        let records = try await store.write { writer in
            [try writer.appendAudit(), try writer.appendAudit(subject: .random())]
        }
        try store.inspectAudit { inspector throws in
            for record in records { #expect(try inspector.isIndexed(record)) }
            #expect(try !inspector.isIndexed(.make(after: records[1].link)))
        }
    }

    @Test func `The sizes of all records add up to the size of the log, and no table has a stray row`() async throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        try await store.write { writer in
            for number in 0..<20 { try writer.appendAudit(subject: number.isMultiple(of: 3) ? .random() : nil) }
        }
        try store.inspectAudit { inspector throws in
            let sizes = try inspector.auditEntries(after: 0, limit: 100).map(inspector.auditByteCount)
            #expect(sizes.count == 20)
            #expect(try sizes.reduce(0, +) == inspector.auditState().byteCount)
            for table in AuditTable.allCases {
                let (isFound, next) = try inspector.strayAuditRow(in: table, after: [], limit: 100)
                #expect(!isFound && next == nil)
            }
        }
    }
}
