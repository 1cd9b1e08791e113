import SignetStore
import Testing

@testable import SignetIssuer

/// An account operation first checks a password and then writes to the store. In these tests, a concurrent caller
/// changes the account between the check and the write.
@Suite struct ConcurrentChangeTests {
    /// The change that a concurrent caller makes to the account.
    enum Interruption: String, CaseIterable, Sendable {
        case passwordChange, disabling, deletion, logout

        func apply(to tokens: IssuedTokens, at now: Timestamp, in writer: any StoreWriter) throws {
            guard var user = try writer.user(email: "ada@example.com") else { return }
            switch self {
            case .passwordChange:
                user.passwordHash = "$argon2id$other"
                try writer.update(user)
            case .disabling:
                user.disabledAt = now
                try writer.update(user)
            case .deletion:
                _ = try writer.removeFamilies(of: user.id, limit: 100)
                _ = try writer.deleteUser(id: user.id)
            case .logout:
                guard let family = try writer.family(id: tokens.sessionID) else { return }
                try writer.update(family.revoked(at: now, because: .logout))
            }
        }
    }

    /// Runs `operation`, and makes the change `interruption` during the first write of `operation`.
    /// - Returns: the error code of `operation`, or `nil` if it succeeded; whether `operation` itself changed nothing
    ///   in the store; and the reasons of all refusals in the audit log.
    private func run(
        _ interruption: Interruption, at moment: InterruptedStore.Moment,
        _ operation: (Issuer, IssuedTokens) async throws -> Void
    ) async throws -> (code: IssuerError.Code?, isUnchanged: Bool, reasons: [String]) {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let store = InterruptedStore(store: test.memory, at: moment)
        let issuer = try test.issuer(on: store)
        let afterInterruption = SharedDump()
        store.duringWrite = { writer in
            try interruption.apply(to: tokens, at: test.clock.now, in: writer)
            afterInterruption.set(try IssuerFixture.StoreDump(writer))
        }
        var code: IssuerError.Code?
        do { try await operation(issuer, tokens) } catch let error as IssuerError { code = error.code }
        let isUnchanged = try afterInterruption.value == test.dump()
        try await issuer.audit.flush(everything: true)
        return (code, isUnchanged, try test.recorded().filter { $0.outcome == .refused }.map(\.reason))
    }

    @Test(arguments: [
        (Interruption.passwordChange, IssuerError.Code.invalidCredentials), (.disabling, .tokenInvalid),
        (.deletion, .userNotFound), (.logout, .tokenInvalid),
    ])
    func `an account deletion deletes nothing if the account changed after the password was checked`(
        interruption: Interruption, code: IssuerError.Code
    ) async throws {
        for moment in InterruptedStore.Moment.allCases {
            let result = try await run(interruption, at: moment) { issuer, tokens in
                try await issuer.deleteAccount(
                    accessToken: tokens.accessToken, password: IssuerFixture.password, from: IssuerFixture.source)
            }
            #expect(result.code == code)
            #expect(result.isUnchanged)
            #expect(result.reasons == (interruption == .passwordChange ? ["account_changed"] : []))
        }
    }

    @Test(arguments: [
        (Interruption.passwordChange, IssuerError.Code.invalidCredentials), (.disabling, .tokenInvalid),
        (.deletion, .userNotFound), (.logout, .tokenInvalid),
    ])
    func `a password change changes nothing if the account changed after the password was checked`(
        interruption: Interruption, code: IssuerError.Code
    ) async throws {
        for moment in InterruptedStore.Moment.allCases {
            let result = try await run(interruption, at: moment) { issuer, tokens in
                try await issuer.changePassword(
                    accessToken: tokens.accessToken, current: IssuerFixture.password, new: "battery staple",
                    from: IssuerFixture.source)
            }
            #expect(result.code == code)
            #expect(result.isUnchanged)
            #expect(result.reasons == (interruption == .passwordChange ? ["account_changed"] : []))
        }
    }

    @Test(arguments: [Interruption.passwordChange, .disabling, .deletion])
    func `a login begins no session if the account changed after the password was checked`(interruption: Interruption)
        async throws
    {
        for moment in InterruptedStore.Moment.allCases {
            let result = try await run(interruption, at: moment) { issuer, _ in
                _ = try await issuer.login(
                    email: "ada@example.com", password: IssuerFixture.password, from: IssuerFixture.source)
            }
            #expect(result.code == .invalidCredentials)
            #expect(result.isUnchanged)
            #expect(result.reasons == ["account_changed"])
        }
    }

    @Test(arguments: InterruptedStore.Moment.allCases)
    func `a password that an operator sets is not written for a user who was deleted meanwhile`(
        moment: InterruptedStore.Moment
    ) async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let store = InterruptedStore(store: test.memory, at: moment)
        store.duringWrite = { try Interruption.deletion.apply(to: tokens, at: test.clock.now, in: $0) }
        let administration = Administration(store: store) { test.clock.now }
        await expect(.userNotFound) {
            try await administration.setPassword(
                "battery staple", of: "ada@example.com", minimumLength: 8, passwords: test.passwords)
        }
        #expect(try test.dump() == IssuerFixture.StoreDump(users: [], families: [], clients: []))
    }
}
