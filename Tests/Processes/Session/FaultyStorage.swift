import CDiskFaults
import SignetClient
import Synchronization

/// A token file with a fault that is injected into the first save of the file.
final class FaultyStorage: TokenStorage {
    private let file: FileTokenStorage
    private let fault: Mutex<file_fault>
    private let number: CInt

    init(_ file: FileTokenStorage, fault: file_fault, number: CInt) {
        self.file = file
        self.fault = Mutex(fault)
        self.number = number
    }

    func load() throws -> TokenPair? { try file.load() }

    func save(_ pair: TokenPair?) throws {
        let fault = fault.withLock { fault in
            defer { fault = FILE_FAULT_NONE }
            return fault
        }
        file_faults_arm(fault, number)
        defer { file_faults_arm(FILE_FAULT_NONE, 0) }
        try file.save(pair)
    }

    func stamp() -> StorageStamp? { file.stamp() }

    func withLock<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        try await file.withLock(body)
    }
}
