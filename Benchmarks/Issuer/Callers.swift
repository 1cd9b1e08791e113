import SignetIssuer
import SignetStore
import SignetStoreLMDB
import Synchronization

/// Concurrent callers of the issuer or the store. Each caller has sessions of its own and uses them in turn.
final class Callers: Sendable {
    private struct Slot {
        var families: [FamilyRecord]
        var tokens: [String]
        var next = 0
    }

    private let slots: [Mutex<Slot>.Box]
    private let filled: FilledStore

    var store: LMDBStore { filled.store }

    var count: Int { slots.count }

    init(_ count: Int, of filled: FilledStore) throws {
        self.filled = filled
        slots = try (0..<count).map { caller in
            let families = filled.sample.indices.filter { $0 % count == caller }.map { filled.sample[$0].family }
            return .init(Slot(families: families, tokens: try families.map(filled.refreshToken)))
        }
    }

    /// Refreshes the next session of caller number `caller` through the issuer. Returns the number of refreshes: 1.
    func refresh(_ caller: Int) async throws -> Int {
        let (index, token) = slots[caller].value.withLock { slot in
            slot.next = (slot.next + 1) % slot.tokens.count
            return (slot.next, slot.tokens[slot.next])
        }
        let pair = try await filled.issuer.refresh(token, from: RequestSource(address: "192.0.2.7", device: "bench"))
        slots[caller].value.withLock { $0.tokens[index] = pair.refreshToken }
        return 1
    }

    /// Rotates the refresh token of caller number `caller`'s next session in the store, without the issuer. Waits for
    /// the durable commit. Returns the number of rotations: 1.
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
    /// A mutex as a class, because an array cannot hold the noncopyable `Mutex`.
    final class Box: Sendable where Value: Sendable {
        let value: Mutex<Value>
        init(_ value: Value) { self.value = Mutex(value) }
    }
}
