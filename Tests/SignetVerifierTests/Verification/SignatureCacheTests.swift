import JOSE
import SignetTesting
import Testing

@testable import SignetVerifier

@Suite("The signature cache")
struct SignatureCacheTests {
    private let issuer: TestIssuer
    private let keys: KeySet
    private let cache: SignatureCache
    private let check: TokenCheck

    init() throws {
        issuer = try Sample.issuer.get()
        keys = try KeySet(jwks: issuer.jwks)
        cache = SignatureCache(capacity: 64)
        check = TokenCheck(policy: try issuer.policy(), cache: cache)
    }

    private func code(of token: String, keys: KeySet? = nil, at now: NumericDate = Sample.now) -> String? {
        do throws(TokenCheck.Stop) {
            _ = try check(token, keys: keys ?? self.keys, at: now)
            return nil
        } catch {
            switch error {
            case .refused(let error): return error.code.rawValue
            case .keyMissing: return "keyMissing"
            case .signerMissing: return "signerMissing"
            }
        }
    }

    @Test func `stores a good token and returns its contents`() throws {
        let token = try Sample.token()
        #expect(code(of: token) == nil)
        #expect(cache.count == 1)
        let contents = try #require(cache.entry(for: token, keys: keys))
        #expect(VerifiedToken(contents).subject == "user-1")
        #expect(code(of: token) == nil)
        #expect(cache.count == 1)
    }

    @Test func `does not store a bad token`() throws {
        for fault in TokenFault.all where fault.code == .badSignature {
            #expect(code(of: try issuer.token(fault: fault)) == "badSignature")
        }
        #expect(cache.count == 0)
    }

    @Test func `does not skip the check of the time for a stored token`() throws {
        let token = try Sample.token()
        #expect(code(of: token) == nil)
        #expect(code(of: token, at: Sample.now + .seconds(931)) == "expired")
        #expect(code(of: token) == nil)
    }

    @Test func `removes the tokens of a withdrawn key, even if another key has the same kid`() throws {
        let token = try Sample.token()
        #expect(code(of: token) == nil)
        let other = try Sample.foreignIssuer.get()
        // The keys of `issuer` and `other` differ but have the same `kid`. The cache must compare the keys themselves.
        let otherKeys = try KeySet(jwks: other.jwks)
        #expect(code(of: token, keys: otherKeys) == "badSignature")
        #expect(cache.count == 0)
        #expect(code(of: token, keys: .empty) == "keyMissing")
        #expect(code(of: token, keys: try KeySet(jwks: issuer.jwks)) == nil)
    }

    @Test func `refuses a stored token once its key is withdrawn`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        let verifier = try issuer.verifier()
        let token = try issuer.token()
        let withdrawn = issuer.keyID
        _ = try await verifier.verify(token)
        try issuer.rotateKey()
        _ = try await verifier.verify(token)
        issuer.withdrawKey(withdrawn)
        await #expect(throws: VerificationError(.unknownKey, "")) { try await verifier.verify(token) }
    }

    @Test func `returns no token for an older key set without its key`() throws {
        let token = try Sample.token()
        let older = try KeySet(jwks: try Sample.foreignIssuer.get().jwks)
        let newer = try KeySet(jwks: issuer.jwks)
        #expect(code(of: token, keys: newer) == nil)
        #expect(cache.entry(for: token, keys: older) == nil)
        #expect(cache.entry(for: token, keys: .empty) == nil)
        #expect(cache.entry(for: token, keys: newer) != nil)
    }

    @Test func `returns no token that was stored for a withdrawn key after the newer key set was seen`() throws {
        let token = try Sample.token()
        #expect(code(of: token) == nil)
        let contents = try #require(cache.entry(for: token, keys: keys))
        let key = try #require(keys.keys.first)
        let newer = try KeySet(jwks: try Sample.foreignIssuer.get().jwks)
        #expect(cache.entry(for: token, keys: newer) == nil)
        #expect(cache.count == 0)
        // Simulate a verification that began before the key was withdrawn, and that inserts its token into the cache
        // afterwards.
        cache.insert(token, contents, key: key)
        #expect(cache.entry(for: token, keys: newer) == nil)
    }

    @Test func `keeps the tokens of a key that is still published`() throws {
        let token = try Sample.token()
        #expect(code(of: token) == nil)
        let refreshed = try KeySet(jwks: issuer.jwks, reusing: keys)
        #expect(cache.entry(for: token, keys: refreshed) != nil)
    }

    @Test func `returns nothing for a token that differs in one character`() throws {
        let token = try Sample.token()
        #expect(code(of: token) == nil)
        let characters = Array(token.utf8)
        for index in stride(from: 0, to: characters.count, by: 7) {
            var changed = characters
            changed[index] ^= 1
            #expect(cache.entry(for: String(decoding: changed, as: UTF8.self), keys: keys) == nil)
        }
        #expect(cache.entry(for: token + "A", keys: keys) == nil)
        #expect(cache.entry(for: String(token.dropLast()), keys: keys) == nil)
    }

    @Test func `stays within its capacity and keeps the newest token`() throws {
        var last = ""
        for _ in 0..<300 {
            last = try Sample.token()
            #expect(code(of: last) == nil)
        }
        #expect(cache.count <= 64)
        #expect(cache.entry(for: last, keys: keys) != nil)
    }

    @Test(arguments: [Int.min, 0, 1, .max])
    func `limits its capacity whatever number is given`(capacity: Int) throws {
        let verifier = Verifier(policy: try issuer.policy(), keys: issuer, signatureCacheCapacity: capacity)
        #expect(try verifier.verify(Sample.token(), with: keys, at: Sample.now).subject == "user-1")
        let cache = SignatureCache(capacity: capacity)
        #expect((4...SignatureCache.maximumCapacity + 64).contains(cache.slotCount))
    }

    @Test func `does not store long tokens`() throws {
        let token = try Sample.token(claims: ["padding": .string(String(repeating: "x", count: 4096))])
        #expect(code(of: token) == nil)
        #expect(cache.count == 0)
    }
}
