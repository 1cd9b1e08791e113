import SignetClient

func logInForOrders(_ session: UserSession, email: String, password: String) async throws {
    try await session.logIn(
        email: email, password: password, audiences: ["https://orders.example.com"], scopes: ["orders:read"])
}
