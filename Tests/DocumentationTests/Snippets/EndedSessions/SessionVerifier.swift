import SignetVerifier

func sessionVerifier(keys: RemoteKeySource, fetcher: any HTTPFetcher) throws -> Verifier {
    let issuer = "https://issuer.test"
    let policy = try VerificationPolicy(issuer: issuer, audiences: ["https://service.test"])
    let statuses = try StatusListSource(issuer: issuer, keys: keys, fetcher: fetcher)
    return Verifier(policy: policy, keys: keys, statuses: statuses)
}
