package import SignetStore
import Synchronization

/// A store in memory, for tests that need neither files nor durability.
///
/// A decision does not run inside a transaction, as it cannot if a store is on another machine: the store takes the
/// records that the caller knows, or loads them, runs the decision, and then commits the changes if the records are
/// still the same. Otherwise it loads the records and runs the decision again. To show that decisions can run again, the store also runs each decision once before it loads anything, as if
/// no record existed, and ignores the result.
package final class MemoryStore: LocalStore {
    package typealias Change = @Sendable (any StoreWriter) throws -> Void

    private struct State {
        var tables = MemoryTables()
        var isClosed = false
        var changeBeforeCommit: Change?
        var repeatedDecisions = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// A change by another node, which the store makes after the next decision has run and before it commits. `nil` once
    /// the store has made the change.
    package var changeBeforeCommit: Change? {
        get { state.withLock { $0.changeBeforeCommit } }
        set { state.withLock { $0.changeBeforeCommit = newValue } }
    }

    /// How many times a decision had to run again, because a record that it depends on had changed.
    package var repeatedDecisions: Int { state.withLock { $0.repeatedDecisions } }

    /// Makes every later call throw ``StoreError/Code/closed``.
    package func close() { state.withLock { $0.isClosed = true } }

    package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        try body(MemoryReader(tables: snapshot()))
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        try transaction(body)
    }

    package func write<Result: Sendable>(
        loading lookup: StoreLookup, known: LoadedRecords?,
        _ decide: @escaping @Sendable (LoadedRecords) throws -> StoreDecision<Result>
    ) async throws -> Result {
        _ = try? decide(LoadedRecords())
        var known = known
        while true {
            let loaded = try MemoryWriter(tables: snapshot()).everything(in: lookup, known: known)
            known = nil
            let decision = try decide(loaded)
            let change = state.withLock { state in
                defer { state.changeBeforeCommit = nil }
                return state.changeBeforeCommit
            }
            if let change { try transaction(change) }
            let isCommitted = try transaction { writer in
                guard try writer.stillHolds(loaded, for: lookup) else { return false }
                for change in decision.changes { try writer.make(change) }
                return true
            }
            if isCommitted { return decision.result }
            state.withLock { $0.repeatedDecisions += 1 }
        }
    }

    private func snapshot() throws -> MemoryTables {
        try state.withLock { state in
            guard !state.isClosed else { throw Self.closed }
            return state.tables
        }
    }

    private func transaction<Result>(_ body: (MemoryWriter) throws -> Result) throws -> Result {
        try state.withLock { state in
            guard !state.isClosed else { throw Self.closed }
            let writer = MemoryWriter(tables: state.tables)
            let result = try body(writer)
            state.tables = writer.tables
            return result
        }
    }

    private static let closed = StoreError(.closed, "the store is closed")
}

extension MemoryWriter {
    /// The answer to a lookup, with a free status list index if the lookup asks for one.
    /// - Parameter known: the answer without the index, if it is known.
    fileprivate func everything(in lookup: StoreLookup, known: LoadedRecords?) throws -> LoadedRecords {
        var loaded = try known ?? records(of: lookup)
        if lookup.needsStatusListIndex { loaded.statusListIndex = try freeStatusListIndex() }
        return loaded
    }

    /// Returns `true` if the answer to a lookup is still the same. A status list index that was free may have been
    /// taken; a decision that uses the index then cannot be committed.
    fileprivate func stillHolds(_ loaded: LoadedRecords, for lookup: StoreLookup) throws -> Bool {
        var current = try records(of: lookup)
        if let index = loaded.statusListIndex, !tables.takenIndices.contains(index) { current.statusListIndex = index }
        return current == loaded
    }
}
