import SignetClient
import Synchronization

/// A token storage whose writes fail until a test calls ``repair()``.
final class BrokenStorage: TokenStorage {
    private struct DiskFull: Error {}

    private let state: Mutex<(pair: TokenPair?, isBroken: Bool)>

    init(_ pair: TokenPair) { state = Mutex((pair, true)) }

    func repair() { state.withLock { $0.isBroken = false } }

    func load() -> TokenPair? { state.withLock { $0.pair } }

    func save(_ pair: TokenPair?) throws {
        try state.withLock { state in
            if state.isBroken { throw DiskFull() }
            state.pair = pair
        }
    }
}
