import HTTPFetching
import JOSE
import SignetTesting
import Testing

@testable import SignetVerifier

@Suite("A router of several issuers", .timeLimit(.minutes(1)))
struct IssuerRouterTests {
    private struct Issuers {
        let own: TestIssuer
        let partner: TestIssuer
        let router: IssuerRouter
        let record = RecordingObserver()

        init() throws {
            own = try TestIssuer(issuer: "https://own.test", keyName: "key", now: { Sample.now })
            partner = try TestIssuer(issuer: "https://partner.test", keyName: "key", now: { Sample.now })
            router = try IssuerRouter(
                [own, partner].map {
                    Verifier(
                        policy: try $0.policy(), keys: try RemoteKeySource(issuer: $0.issuer, fetcher: $0),
                        now: { Sample.now })
                }, observer: record)
        }
    }

    private static let issuers = Result { try Issuers() }

    @Test func `checks each token with the keys of its own issuer`() async throws {
        let issuers = try Self.issuers.get()
        #expect(try await issuers.router.verify(issuers.own.token(subject: "ada")).issuer == "https://own.test")
        #expect(try await issuers.router.verify(issuers.partner.token(subject: "ada")).issuer == "https://partner.test")
    }

    @Test func `refuses a token that names one issuer and is signed by the other`() async throws {
        let issuers = try Self.issuers.get()
        // Both issuers use the key ID `key-1`. So the signature is refused only if the router checks it with the keys
        // of the issuer that the token names.
        for (signer, claimed) in [(issuers.own, issuers.partner), (issuers.partner, issuers.own)] {
            let token = try signer.token(claims: ["iss": .string(claimed.issuer)])
            await #expect(throws: VerificationError(.badSignature, "")) { try await issuers.router.verify(token) }
        }
    }

    @Test(arguments: TokenFault.all)
    func `refuses what the verifier of the issuer refuses, with the same code`(fault: TokenFault) async throws {
        let issuers = try Self.issuers.get()
        let token = try issuers.own.token(fault: fault)
        await #expect(throws: VerificationError(fault.code, "")) { try await issuers.router.verify(token) }
    }

    @Test func `refuses an unknown issuer without a request, and reports it`() async throws {
        let issuers = try Issuers()
        for token in [
            try issuers.own.token(claims: ["iss": "https://stranger.test"]),
            try issuers.own.token(claims: ["iss": "https://own.test/"]),
            try issuers.own.token(claims: ["iss": "https://OWN.test"]),
            try issuers.own.token(fault: .missingClaim("iss")),
            try issuers.own.token(claims: ["iss": ["https://own.test"]]),
        ] {
            let error = await #expect(throws: VerificationError.self) { try await issuers.router.verify(token) }
            #expect(error?.code == .wrongIssuer)
            #expect(error?.detail.contains(#"expected one of "https://own.test", "https://partner.test""#) == true)
        }
        #expect(issuers.own.requests.isEmpty && issuers.partner.requests.isEmpty)
        #expect(issuers.record.verifications == Array(repeating: .wrongIssuer, count: 5))
    }

    @Test(arguments: ["", ".", "..", "a.b", "e30.e30", "e30.e30.AA.AA", "e30.e3.AA", "e30.*.AA", ".e30.AA"])
    func `refuses what is no token`(text: String) async throws {
        let router = try Self.issuers.get().router
        let error = await #expect(throws: VerificationError.self) { try await router.verify(text) }
        #expect([.malformedToken, .wrongIssuer].contains(error?.code))
        await #expect(throws: VerificationError(.tokenTooLarge, "")) {
            try await router.verify(text + String(repeating: "a", count: 16_385))
        }
    }

    @Test func `needs verifiers with issuers that differ`() throws {
        let issuer = try Sample.issuer.get()
        let verifier = try issuer.verifier()
        #expect(throws: ConfigurationError(.empty, "")) { try IssuerRouter([]) }
        #expect(throws: ConfigurationError(.ambiguousIssuer, "")) { try IssuerRouter([verifier, verifier]) }
        let any = Verifier(policy: try VerificationPolicy(anyIssuerOr: nil, audiences: ["a"]), keys: issuer)
        #expect(throws: ConfigurationError(.empty, "")) { try IssuerRouter([any]) }
        let many = try (0...100).map { number in
            Verifier(policy: try VerificationPolicy(issuer: "https://\(number).test", audiences: ["a"]), keys: issuer)
        }
        #expect(throws: ConfigurationError(.outOfRange, "")) { try IssuerRouter(many) }
        _ = try IssuerRouter(Array(many.dropLast()))
    }

    @Test func `is ready while one issuer can be checked, and names the others`() async throws {
        let issuers = try Issuers()
        issuers.partner.goDown()
        await #expect(throws: VerificationError(.keysUnavailable, "")) { try await issuers.router.warmUp() }
        let readiness = await issuers.router.readiness()
        #expect(readiness.isReady)
        #expect(readiness.problems.count == 1 && readiness.problems[0].contains("https://partner.test"))
        issuers.own.goDown()
        #expect(issuers.router.sourceStates.map(\.isUsable) == [true, false])
    }
}

@Suite("A peek at an unverified token")
struct UnverifiedTokenTests {
    @Test func `shows header and claims of any token, whoever signed it and with any algorithm`() throws {
        let issuer = try Sample.issuer.get()
        for fault in [nil, .expired, .badSignature, .algorithmNone, .wrongType, .criticalExtension] as [TokenFault?] {
            let token = try UnverifiedToken(peekingAt: issuer.token(subject: "ada", fault: fault))
            #expect(token.unverifiedClaims["sub"] == "ada")
            #expect(token.unverifiedHeader["alg"] != nil)
        }
    }

    @Test func `refuses what it cannot read strictly`() throws {
        let issuer = try Sample.issuer.get()
        for (text, code) in [
            ("", .malformedToken), ("a.b", .malformedToken), ("e30.e30.AA.AA", .malformedToken),
            ("e3=.e30.AA", .malformedToken), ("W10.e30.AA", .malformedHeader), ("e30.W10.AA", .malformedClaims),
            (try issuer.token(fault: .duplicateClaim), .malformedClaims),
            (try issuer.token(fault: .oversized), .tokenTooLarge),
        ] as [(String, VerificationError.Code)] {
            #expect(throws: VerificationError(code, "")) { try UnverifiedToken(peekingAt: text) }
        }
    }
}
