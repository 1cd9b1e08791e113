import SignetIssuer
import SignetStore
import SignetStoreLMDB
import Synchronization

/// Concurrent callers. Each has its own part of a store's sample sessions and uses them in turn.
final class Callers: Sendable {
    private struct Slot {
        var families: [FamilyRecord]
        var tokens: [String]
        var next = 0
    }

    private let slots: [Mutex<Slot>.Box]
    private let filled: FilledStore

    var store: LMDBStore { filled.store }

    /// The number of callers.
    var count: Int { slots.count }

    init(_ count: Int, of filled: FilledStore) throws {
        self.filled = filled
        slots = try (0..<count).map { caller in
            let families = filled.sample.indices.filter { $0 % count == caller }.map { filled.sample[$0] }
            return .init(Slot(families: families, tokens: try families.map(filled.refreshToken)))
        }
    }

    /// One refresh through the issuer.
    func refresh(_ caller: Int) async throws -> Int {
        let (index, token) = slots[caller].value.withLock { slot in
            slot.next = (slot.next + 1) % slot.tokens.count
            return (slot.next, slot.tokens[slot.next])
        }
        let pair = try await filled.issuer.refresh(token, from: RequestSource(address: "192.0.2.7", device: "bench"))
        slots[caller].value.withLock { $0.tokens[index] = pair.refreshToken }
        return 1
    }

    /// One durable rotation in the store, without the issuer.
    func rotate(_ caller: Int) async throws -> Int {
        let id = slots[caller].value.withLock { slot in
            slot.next = (slot.next + 1) % slot.families.count
            return slot.families[slot.next].id
        }
        try await filled.store.write { writer in
            guard var family = try writer.family(id: id) else {
                throw StoreError(.notFound, "a sample family is missing")
            }
            family.parent = family.generation
            family.generation += 1
            try writer.update(family)
        }
        return 1
    }
}

extension Mutex {
    /// A mutex that can be an array element.
    final class Box: Sendable where Value: Sendable {
        let value: Mutex<Value>
        init(_ value: Value) { self.value = Mutex(value) }
    }
}
