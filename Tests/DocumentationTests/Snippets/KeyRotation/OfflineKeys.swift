import SignetVerifier

func offlineKeys() throws -> FileKeySource {
    try FileKeySource(path: "/etc/orders/jwks.json", interval: .seconds(10))
}
