import Testing

@Suite("Password prompts at a terminal", .timeLimit(.minutes(10)))
struct TerminalTests {
    @Test func `users create and users password refuse two different entries and change nothing`() async throws {
        let issuer = try await RunningIssuer.start()
        let create = ["users", "create", "--email", "bob@example.com", "--name", "Bob"]
        let mistyped = try await TerminalCommand.run(
            create, answers: [("not shown", "correct horse battery"), ("Repeat", "correct horse batery")],
            beside: issuer)
        #expect(mistyped.status == 1)
        #expect(mistyped.screen.contains("differ"))
        #expect(!mistyped.screen.contains("horse"))
        #expect(try await issuer.command(["users", "show", "bob@example.com"]).status == 1)

        let created = try await TerminalCommand.run(
            create, answers: [("not shown", "correct horse battery"), ("Repeat", "correct horse battery")],
            beside: issuer)
        #expect(created.status == 0, "\(created.screen)")
        #expect(!created.screen.contains("horse"))
        let bob = Person(issuer: issuer, email: "bob@example.com", password: "correct horse battery")
        _ = try await bob.login()

        let unchanged = try await TerminalCommand.run(
            ["users", "password", bob.email],
            answers: [("not shown", "battery staple one"), ("Repeat", "battery staple two")], beside: issuer)
        #expect(unchanged.status == 1)
        _ = try await bob.login()
        let changed = try await TerminalCommand.run(
            ["users", "password", bob.email],
            answers: [("not shown", "battery staple one"), ("Repeat", "battery staple one")], beside: issuer)
        #expect(changed.status == 0, "\(changed.screen)")
        _ = try await Person(issuer: issuer, email: bob.email, password: "battery staple one").login()
    }
}
