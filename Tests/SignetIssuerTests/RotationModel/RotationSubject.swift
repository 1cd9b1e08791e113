import SignetStore

@testable import SignetIssuer

/// The issuer's half of a simulated session: whatever turns a refresh token into the next.
protocol RotationSubject: AnyObject {
    var configuration: IssuerConfiguration { get }
    var clock: TestClock { get }
    var store: any Store { get }

    /// Begins the session of a new user.
    func login(email: String, user: UserID) async throws -> (refreshToken: String, family: FamilyID)

    /// The refresh token that presenting `token` yields.
    /// - Throws: ``IssuerError``.
    func refresh(_ token: String) async throws -> String

    /// The refresh token that counts for a family as it is stored.
    func currentToken(of family: FamilyRecord) throws -> String

    /// Opens everything anew, as another process would.
    func restart() throws

    func end()
}
