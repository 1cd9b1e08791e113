import SignetVerifier

func carefulKeys(fetcher: any HTTPFetcher) throws -> RemoteKeySource {
    var configuration = RemoteKeyConfiguration()
    configuration.maximumLifetime = .seconds(900)  // a withdrawn key is gone after at most 15 minutes,
    configuration.outageWindow = .seconds(300)  // 20 when the issuer cannot be reached just then
    return try RemoteKeySource(issuer: "https://issuer.test", fetcher: fetcher, configuration: configuration)
}
