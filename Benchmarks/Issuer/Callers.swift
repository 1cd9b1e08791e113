import SignetIssuer
import SignetStore
import SignetStoreLMDB
import Synchronization

/// Callers that use the sessions of a sample, each its own part of them, one after the other.
final class Callers: Sendable {
    private struct Slot {
        var families: [FamilyRecord]
        var tokens: [String]
        var next = 0
    }

    private let slots: [Mutex<Slot>.Box]
    private let filled: FilledStore

    /// Where their sessions are.
    var store: LMDBStore { filled.store }

    /// How many callers there are.
    var count: Int { slots.count }

    init(_ count: Int, of filled: FilledStore) throws {
        self.filled = filled
        slots = try (0..<count).map { caller in
            let families = filled.sample.indices.filter { $0 % count == caller }.map { filled.sample[$0] }
            return .init(Slot(families: families, tokens: try families.map(filled.refreshToken)))
        }
    }

    /// One refresh, as the HTTP layer asks for it.
    func refresh(_ caller: Int) async throws -> Int {
        let (index, token) = slots[caller].value.withLock { slot in
            slot.next = (slot.next + 1) % slot.tokens.count
            return (slot.next, slot.tokens[slot.next])
        }
        let pair = try await filled.issuer.refresh(token, from: RequestSource(address: "192.0.2.7", device: "bench"))
        slots[caller].value.withLock { $0.tokens[index] = pair.refreshToken }
        return 1
    }

    /// The store's part of a refresh alone: one durable rotation.
    func rotate(_ caller: Int) async throws -> Int {
        let id = slots[caller].value.withLock { slot in
            slot.next = (slot.next + 1) % slot.families.count
            return slot.families[slot.next].id
        }
        try await filled.store.write { writer in
            guard var family = try writer.family(id: id) else { throw StoreError(.notFound, "a family of the sample") }
            family.parent = family.generation
            family.generation += 1
            try writer.update(family)
        }
        return 1
    }
}

extension Mutex {
    /// A lock that can stand in an array.
    final class Box: Sendable where Value: Sendable {
        let value: Mutex<Value>
        init(_ value: Value) { self.value = Mutex(value) }
    }
}
