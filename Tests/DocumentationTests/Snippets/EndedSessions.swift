// snippet: imports
import SignetVerifier

// end

// The Swift code of the documentation page EndedSessions.md. This test target compiles and runs it.

// snippet: statuses
func sessionVerifier(keys: RemoteKeySource, fetcher: any HTTPFetcher) throws -> Verifier {
    let issuer = "https://issuer.test"
    let policy = try VerificationPolicy(issuer: issuer, audiences: ["https://service.test"])
    let statuses = try StatusListSource(issuer: issuer, keys: keys, fetcher: fetcher)
    return Verifier(policy: policy, keys: keys, statuses: statuses)
}
// end
