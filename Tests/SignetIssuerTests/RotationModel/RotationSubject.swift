import Foundation
import Logging
import SignetKeyring
import SignetStore
import SignetStoreLMDB

@testable import SignetIssuer

/// The issuer that the tests of token rotation run their random sequences of steps on.
protocol RotationSubject: AnyObject {
    var configuration: IssuerConfiguration { get }
    var clock: WallClock { get }
    var store: any LocalStore { get }

    /// Creates a user and logs in.
    func login(email: String, user: UserID) async throws -> (refreshToken: String, family: FamilyID)

    /// Sends a refresh request and returns the refresh token in the answer.
    /// - Throws: ``IssuerError`` if the issuer refuses `token`.
    func refresh(_ token: String) async throws -> String

    /// Returns the current refresh token of the session with the record `family`.
    func currentToken(of family: FamilyRecord) throws -> String

    /// Closes the store and opens it again, as a restarted process does.
    func restart() throws

    /// Closes and removes the store.
    func end()
}

/// A real issuer on an LMDB store. The files of the store are in `/dev/shm` (memory), if that directory exists.
final class IssuerSubject: RotationSubject {
    static let password = "correct horse"
    static let settings = IssuerConfiguration.make(
        refreshTokenIdleLifetime: .seconds(2 * 3600), sessionLifetime: .seconds(6 * 3600))

    let configuration = IssuerSubject.settings
    let clock = WallClock()
    let passwordHash: String
    private let path: String
    private let passwords: PasswordHasher
    private var open: (store: LMDBStore, issuer: Issuer)

    init() async throws {
        let parent = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        path = "\(parent)/signet-rotation-\(UUID())"
        passwords = PasswordHasher(threads: 1, cost: .cheap)
        passwordHash = try await passwords.hash(Self.password)
        open = try Self.open(path: path, clock: clock, passwords: passwords)
    }

    private static func open(
        path: String, clock: WallClock, passwords: PasswordHasher
    ) throws -> (store: LMDBStore, issuer: Issuer) {
        let store = try LMDBStore.open(path: path)
        let issuer = try Issuer(
            configuration: settings, store: store, keyring: IssuerFixture.sharedKeyring, passwords: passwords,
            now: { clock.now }, logger: Logger(label: "model") { _ in SwiftLogNoOpLogHandler() })
        return (store, issuer)
    }

    var store: any LocalStore { open.store }

    func login(email: String, user: UserID) async throws -> (refreshToken: String, family: FamilyID) {
        let record = UserRecord(
            id: user, email: email, name: "Ada", passwordHash: passwordHash, roles: [], createdAt: clock.now,
            updatedAt: clock.now)
        try await store.write { try $0.insert(record) }
        let login = try await open.issuer.login(email: email, password: Self.password, from: IssuerFixture.source)
        return (login.tokens.refreshToken, login.tokens.sessionID)
    }

    func refresh(_ token: String) async throws -> String {
        try await open.issuer.refresh(token, from: IssuerFixture.source).refreshToken
    }

    func currentToken(of family: FamilyRecord) throws -> String {
        try open.issuer.refreshTokens.currentToken(of: family).text
    }

    func restart() throws {
        open.store.close()
        open = try Self.open(path: path, clock: clock, passwords: passwords)
    }

    func end() {
        open.store.close()
        try? FileManager.default.removeItem(atPath: path)
    }
}
