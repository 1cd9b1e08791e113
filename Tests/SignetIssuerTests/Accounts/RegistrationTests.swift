import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct RegistrationTests {
    @Test func `a registration normalises the address and hashes the password`() async throws {
        let test = try IssuerFixture.make()
        let user = try await test.issuer.register(name: " Ada ", email: " ADA@example.com", password: "12345678")
        #expect(user.name == "Ada")
        #expect(user.email == "ada@example.com")
        #expect(user.createdAt == test.clock.now)
        #expect(user.updatedAt == test.clock.now)
        #expect(user.roles == [])
        let record = try test.userRecord()
        #expect(record.passwordHash.hasPrefix("$argon2id$"))
        #expect(User(record) == user)
    }

    @Test func `every invalid field is named at once`() async throws {
        let test = try IssuerFixture.make()
        let error = await expect(.invalidInput) {
            try await test.issuer.register(name: "a\nb", email: "nobody", password: "1234567")
        }
        #expect(error?.fields.map(\.field) == ["name", "email", "password"])
        #expect(error?.fields.map(\.code) == [.forbiddenCharacter, .notAnEmailAddress, .tooShort])
        let empty = await expect(.invalidInput) { try await test.issuer.register(name: "", email: "", password: "") }
        #expect(empty?.fields.map(\.code) == [.required, .required, .required])
    }

    @Test func `valid fields are not named`() async throws {
        let test = try IssuerFixture.make()
        let error = await expect(.invalidInput) {
            try await test.issuer.register(name: "Ada", email: "ada@example.com", password: "short")
        }
        #expect(error?.fields.map(\.field) == ["password"])
    }

    @Test func `an error never repeats the value of a field`() async throws {
        let test = try IssuerFixture.make()
        let error = await expect(.invalidInput) {
            try await test.issuer.register(name: "Ada", email: "hunter2@", password: "hunter2")
        }
        let message = "\(try #require(error)) \(error?.fields.map(\.message) ?? [])"
        #expect(!message.contains("hunter2"))
    }

    @Test func `a password has at least the minimum number of scalars and at most 1024 bytes`() async throws {
        let test = try IssuerFixture.make()
        try await test.register(email: "a@example.com", password: "éééééééé")
        try await test.register(email: "b@example.com", password: String(repeating: "x", count: 1024))
        for password in [String(repeating: "x", count: 1025), String(repeating: "é", count: 513)] {
            let error = await expect(.invalidInput) {
                try await test.register(email: "c@example.com", password: password)
            }
            #expect(error?.fields.map(\.code) == [.tooLong])
        }
    }

    @Test func `a password is neither trimmed nor normalised`() async throws {
        let test = try IssuerFixture.make()
        try await test.register(password: " caf\u{E9} au lait ")
        for other in ["caf\u{E9} au lait", " cafe\u{301} au lait "] {
            await expect(.invalidCredentials) { try await test.login(password: other) }
        }
        _ = try await test.login(password: " caf\u{E9} au lait ")
    }

    @Test func `an address can be registered once, in any case and with any white space`() async throws {
        let test = try IssuerFixture.make()
        try await test.register(email: "ada@example.com")
        await expect(.userExists) { try await test.register(email: " Ada@EXAMPLE.com ") }
    }

    @Test func `of many concurrent registrations of one address one succeeds`() async throws {
        let test = try IssuerFixture.make()
        let codes = await withTaskGroup(of: IssuerError.Code?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        try await test.register()
                        return nil
                    } catch {
                        return (error as? IssuerError)?.code ?? .internal
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.filter { $0 == nil }.count == 1)
        #expect(codes.filter { $0 == .userExists }.count == 19)
        #expect(try test.store.read { try $0.users(after: nil, limit: 10) }.count == 1)
    }
}
