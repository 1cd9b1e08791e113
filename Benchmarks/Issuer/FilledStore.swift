import Foundation
import Logging
import SignetIssuer
import SignetKeyring
import SignetStore
import SignetStoreLMDB

/// A store on disk with a given number of refresh token families (sessions), and an issuer that uses the store.
final class FilledStore: Sendable {
    let issuer: Issuer
    let store: LMDBStore
    /// The sessions that the benchmarks refresh, evenly spread over the store. `email` is the address of the user.
    let sample: [(email: String, family: FamilyRecord)]
    private let refreshTokens: RefreshTokenMint

    /// Makes a store in `directory`, which must not contain a store, and fills it.
    /// - Parameters:
    ///   - families: the number of refresh token families (sessions) in the store.
    ///   - rotating: the number of families in ``sample``, at most `families`.
    ///   - passwordHash: the hash of every user's password, as a PHC string.
    init(
        directory: URL, families: Int, familiesPerUser: Int = 5, rotating: Int, keyring: Keyring,
        writesPerCommit: Int? = nil, passwordHash: String = FilledStore.unmatchedHash, progress: (String) -> Void
    ) async throws {
        var options = LMDBStore.Options()
        if let writesPerCommit { options.writesPerCommit = writesPerCommit }
        let store = try LMDBStore.open(path: directory.path, options: options)
        let now = Timestamp.system()
        let users = max(1, families / familiesPerUser)
        let stride = max(1, families / rotating)
        var sample: [(email: String, family: FamilyRecord)] = []
        for start in Swift.stride(from: 0, to: users, by: 2_000) {
            let records = (start..<min(start + 2_000, users)).map {
                Self.account(number: $0, families: familiesPerUser, passwordHash: passwordHash, at: now)
            }
            for (offset, record) in records.enumerated() {
                for (index, family) in record.families.enumerated()
                where ((start + offset) * familiesPerUser + index) % stride == 0 && sample.count < rotating {
                    sample.append((record.user.email, family))
                }
            }
            try await store.write { writer in
                for record in records {
                    try writer.insert(record.user)
                    for var family in record.families {
                        family.statusListEntry = StatusListEntry(
                            index: try writer.allocateStatusListIndex(), tokensExpireAt: now + .seconds(930))
                        try writer.insert(family)
                    }
                }
            }
            if start % 100_000 == 0 { progress("\(start * familiesPerUser) of \(families) families") }
        }
        self.store = store
        self.sample = sample
        refreshTokens = RefreshTokenMint(secrets: keyring.refreshSecrets(at: .system()))
        issuer = try Issuer(
            configuration: IssuerConfiguration(
                identifier: "https://auth.example.test", audience: "https://api.example.test"),
            store: store, keyring: keyring, passwords: PasswordHasher(threads: 1),
            logger: Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() })
    }

    /// The refresh token of `family` that the issuer currently accepts.
    func refreshToken(of family: FamilyRecord) throws -> String { try refreshTokens.currentToken(of: family).text }

    /// The password hash of users who never log in. It has the form of a real hash, but no known password matches it.
    static let unmatchedHash =
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$\(String(repeating: "A", count: 43))"

    private static func account(
        number: Int, families: Int, passwordHash: String, at now: Timestamp
    ) -> (user: UserRecord, families: [FamilyRecord]) {
        let user = UserRecord(
            id: .random(), email: "user-\(number)@example.test", name: "User \(number)",
            passwordHash: passwordHash, createdAt: now, updatedAt: now)
        let families = (0..<families).map { _ in
            FamilyRecord(
                id: .random(), userID: user.id, clientID: nil, scope: "account",
                salt: (0..<16).map { _ in UInt8.random(in: .min ... .max) }, authenticatedAt: now, createdAt: now,
                expiresAt: now + .seconds(90 * 86_400), generation: 0, secretID: 1, parent: nil, rotatedAt: now,
                idleExpiresAt: now + .seconds(7 * 86_400), device: "Mozilla/5.0 (X11; Linux x86_64)",
                createdAddress: "192.0.2.1", lastUsedAddress: "192.0.2.1")
        }
        return (user, families)
    }
}
