import HTTPFetching
import TestVectors
import Testing

@testable import SignetVerifier

@Suite("Examples of the RFCs", .enabled(if: VectorFile.areExpected, "../shared/vectors is missing"))
struct RFCVectorTests {
    private static let knownKeys: Set<String> = [
        "id", "group", "comment", "jws", "jwks", "jwk", "private_jwk", "now", "options", "expected",
        "expected_as_jwt", "reason", "payload_is_claims", "payload_utf8",
    ]

    @Test(
        arguments: try VectorFile.rfc.cases(at: ["vectors", "rfc7515"], knownKeys: knownKeys)
            + VectorFile.rfc.cases(at: ["vectors", "rfc7520"], knownKeys: knownKeys))
    func `include tokens of RFC 7515 and RFC 7520, accepted or refused as expected`(vector: VectorCase) throws {
        // The test skips the one vector that contains a private key and no token.
        guard vector["jws"] != nil else { return }
        let expected = try vector["expected_as_jwt"]?.string ?? vector.string("expected")
        let keys = vector["jwks"] == nil ? .empty : (try? KeySet(jwks: vector.jsonBytes("jwks"))) ?? .empty
        let options = vector["options"]?.object ?? [:]
        #expect(Set(options.keys).isSubset(of: ["issuer", "audience", "leeway", "require"]))
        let policy = try VerificationPolicy(
            anyIssuerOr: options["issuer"]?.string, audiences: [],
            leeway: .seconds(options["leeway"]?.integer ?? 0), allowedTypes: .any, requiredClaims: [])
        let verifier = Verifier(policy: policy, keys: StaticKeySource(keys))
        let now = NumericDate(vector["now"]?.integer ?? 1_700_000_000)
        let token = try vector.string("jws")
        let isAccepted = (try? verifier.verify(token, with: keys, at: now)) != nil
        try #require(["accept", "reject"].contains(expected))
        #expect(isAccepted == (expected == "accept"))
    }

    @Test(
        arguments: try VectorFile.rfc.cases(
            at: ["vectors", "rfc8414"], knownKeys: ["id", "issuer", "well_known", "note", "path", "response"]))
    func `include the metadata URLs of RFC 8414`(vector: VectorCase) throws {
        if let issuer = vector["issuer"]?.string {
            let url = try EndpointURL(issuer, what: "the issuer").metadataURL
            #expect(url == vector["well_known"]?.string)
        } else {
            let document = try #require(vector["response"]?["json"])
            let issuer = try #require(document["issuer"]?.string)
            let url = try EndpointURL(issuer, what: "the issuer").metadataURL
            #expect(url == issuer + (try vector.string("path")))
            let metadata = try IssuerMetadata(
                parsing: document.jsonBytes(), issuer: issuer, configuration: RemoteKeyConfiguration())
            #expect(metadata.keysURL == document["jwks_uri"]?.string)
        }
    }

    @Test(
        arguments: try VectorFile.rfc.cases(
            at: ["vectors", "rfc7662"], knownKeys: ["id", "request", "response", "note"]))
    func `include the introspection request and answers of RFC 7662`(vector: VectorCase) throws {
        if let response = vector["response"] {
            let json = try #require(response["json"])
            let status = Int(try #require(response["status"]?.integer))
            let answer = try Introspection.reading(
                // The time of the verification (`at`) is in 2014, because the token in the RFC example expired in 2014.
                HTTPFetchResponse(status: status, body: try json.jsonBytes()), of: "https://issuer.test",
                at: NumericDate(1_419_350_000)
            ).get()
            if json["active"]?.bool == true {
                guard case .active(let token) = answer else { throw VectorMismatch() }
                #expect(token.subject == json["sub"]?.string)
                #expect(token.scopes == Set(json["scope"]?.string?.split(separator: " ").map(String.init) ?? []))
                #expect(token.expiresAt?.seconds == json["exp"]?.integer)
                #expect(token["extension_field"]?.string == json["extension_field"]?.string)
            } else {
                #expect(answer == .inactive)
            }
        } else if vector["note"] != nil {
            let authorization = vector["request"]?["headers"]?["Authorization"]?.string
            #expect(BasicCredentials(clientID: "s6BhdRkqt3", secret: "gX1fBat3bV").authorization == authorization)
        }
    }

    private struct VectorMismatch: Error {}
}
