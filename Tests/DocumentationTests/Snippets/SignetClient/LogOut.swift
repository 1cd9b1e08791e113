import SignetClient

func end(_ session: UserSession) async throws {
    do {
        try await session.logOut()
    } catch {
        guard error.code == .unavailable else { throw error }
        // Removes the tokens from this device. The session at the issuer lasts until it expires, or until the user ends
        // it in the list of sessions.
        try await session.forget()
    }
}
