import Foundation
import TestSupport
import Testing

@testable import SignetClient

@Suite("Token files")
struct FileTokenStorageTests {
    private let directory = FileManager.default.temporaryDirectory.appending(
        path: "signet-client-\(UUID().uuidString)", directoryHint: .isDirectory)
    private var path: String { directory.appending(path: "tokens.json").path }

    init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }

    private func pair(_ number: Int, expiresAt: Int64 = 1_800_000_900) -> TokenPair {
        TokenPair(
            accessToken: "access-\(number)", refreshToken: "refresh-\(number)", issuedAt: NumericDate(1_800_000_000),
            expiresAt: NumericDate(expiresAt), refreshExpiresAt: NumericDate(1_800_604_800))
    }

    private func withDirectory<Result>(_ body: () async throws -> Result) async throws -> Result {
        defer { try? FileManager.default.removeItem(at: directory) }
        return try await body()
    }

    @Test func `store a pair with mode 0600 and remove it`() async throws {
        try await withDirectory {
            let storage = FileTokenStorage(path: path)
            #expect(try storage.load() == nil)
            try storage.save(pair(1))
            try storage.save(pair(2))
            #expect(try FileTokenStorage(path: path).load() == pair(2))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["tokens.json"])
            try storage.save(nil)
            try storage.save(nil)
            #expect(try storage.load() == nil)
        }
    }

    @Test func `are refused if others may read them or they are not token files`() async throws {
        try await withDirectory {
            let storage = FileTokenStorage(path: path)
            try storage.save(pair(1))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            let error = #expect(throws: ClientError.self) { try storage.load() }
            #expect(error?.detail.contains("chmod 600") == true)
            for content in ["", "{}", #"{"version":2}"#, String(repeating: "[", count: 70_000)] {
                try storage.save(nil)
                #expect(
                    FileManager.default.createFile(
                        atPath: path, contents: Data(content.utf8), attributes: [.posixPermissions: 0o600]))
                #expect(throws: ClientError(.storageFailed, "")) { try storage.load() }
            }
        }
    }

    @Test func `that cannot be written keep the old pair`() async throws {
        try await withDirectory {
            let storage = FileTokenStorage(path: path)
            try storage.save(pair(1))
            try FileManager.default.createDirectory(atPath: path + ".new", withIntermediateDirectories: false)
            #expect(throws: ClientError(.storageFailed, "")) { try storage.save(pair(2)) }
            #expect(try storage.load() == pair(1))
        }
    }

    @Test func `admit one user at a time, and refuse one that waits too long`() async throws {
        try await withDirectory {
            let gate = Gate()
            let first = FileTokenStorage(path: path)
            let hurried = FileTokenStorage(path: path, lockTimeout: .zero)
            let holder = Task { try await first.withLock { await gate.pass() } }
            try await wait { gate.count == 0 }
            await #expect(throws: ClientError(.unavailable, "")) { try await hurried.withLock {} }
            gate.open()
            try await holder.value
            try await hurried.withLock {}
        }
    }

    @Test func `change their stamp with every save`() async throws {
        try await withDirectory {
            let storage = FileTokenStorage(path: path)
            #expect(storage.stamp() == nil)
            try storage.save(pair(1))
            let first = storage.stamp()
            #expect(first != nil)
            #expect(FileTokenStorage(path: path).stamp() == first)
            _ = try storage.load()
            #expect(storage.stamp() == first)
            try FileTokenStorage(path: path).save(pair(1))
            let second = storage.stamp()
            #expect(second != nil && second != first)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            #expect(storage.stamp() != second)
        }
    }

    private func session(_ issuer: ScriptedIssuer, _ clock: SleepingClock) throws -> UserSession {
        try UserSession(
            issuer: "https://id.example.com", storage: FileTokenStorage(path: path), fetcher: issuer,
            configuration: .init(), environment: clock.environment)
    }

    @Test func `show a session the changes of other processes at once`() async throws {
        try await withDirectory {
            let clock = SleepingClock()
            let issuer = ScriptedIssuer([
                .pair(1), .pair(2), .pair(3), .answer(status: 200, body: #"{"message":"Logged out"}"#),
            ])
            let session = try session(issuer, clock)
            let other = try self.session(issuer, clock)
            try await session.logIn(email: "ada@example.com", password: "secret")
            #expect(try await session.accessToken() == "access-1")
            #expect(try await other.accessToken(insteadOf: "access-1") == "access-2")
            #expect(try await session.accessToken() == "access-2")
            try await other.logIn(email: "bob@example.com", password: "secret")
            #expect(try await session.accessToken() == "access-3")
            try await other.logOut()
            await #expect(throws: ClientError(.notLoggedIn, "")) { try await session.accessToken() }
            #expect(issuer.requests.count == 4)
        }
    }

    @Test func `that cannot be read yield no token`() async throws {
        try await withDirectory {
            let session = try session(ScriptedIssuer([.pair(1)]), SleepingClock())
            try await session.logIn(email: "ada@example.com", password: "secret")
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            await #expect(throws: ClientError(.storageFailed, "")) { try await session.accessToken() }
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            #expect(try await session.accessToken() == "access-1")
        }
    }

    @Test func `are shared by sessions that refresh once in all`() async throws {
        try await withDirectory {
            let clock = SleepingClock()
            let issuer = ScriptedIssuer([.pair(2), .pair(3)])
            let storage = FileTokenStorage(path: path)
            try storage.save(pair(1, expiresAt: 1_800_000_000))
            let sessions = try (0..<8).map { _ in try session(issuer, clock) }
            let tokens = try await withThrowingTaskGroup(of: String.self) { group in
                for session in sessions { group.addTask { try await session.accessToken() } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(tokens == ["access-2"])
            #expect(issuer.requests.count == 1)
        }
    }
}
