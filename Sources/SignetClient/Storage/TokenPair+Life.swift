extension TokenPair {
    /// The time that the access token is good for, as it is known since `moment`.
    func life(knownSince moment: ClockReading) -> TokenLife {
        TokenLife(issuedAt: issuedAt, expiresAt: expiresAt, knownSince: moment)
    }
}
