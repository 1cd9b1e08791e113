import Foundation
import JOSE
import SignetTesting
import SignetVerifier
import Testing

@Suite("A verified token")
struct VerifiedTokenTests {
    @Test func `returns its registered claims`() throws {
        let issuer = try Sample.issuer.get()
        let text = try issuer.token(
            subject: "s", scopes: ["a", "b"], roles: ["admin"], clientID: "c", sessionID: "d",
            claims: [
                "nbf": 1_799_999_999, "auth_time": 1_799_999_000.5, "jti": "j", "aud": ["x", .string(issuer.audience)],
            ])
        let token = try Sample.verify(text)
        #expect(token.keyID == issuer.keyID)
        #expect(token.type == "at+jwt")
        #expect(token.issuer == issuer.issuer)
        #expect(token.subject == "s")
        #expect(token.audience == ["x", issuer.audience])
        #expect(token.expiresAt == Sample.now + .seconds(900))
        #expect(token.issuedAt == Sample.now)
        #expect(token.notBefore == NumericDate(1_799_999_999))
        #expect(token.authTime == NumericDate(secondsSinceEpoch: 1_799_999_000.5))
        #expect(token.tokenID == "j")
        #expect(token.clientID == "c")
        #expect(token.sessionID == "d")
        #expect(token.scopes == ["a", "b"])
        #expect(token.roles == ["admin"])
    }

    @Test func `returns custom claims by name, escaped or not`() throws {
        let payload =
            #"{"iss":"https:\/\/issuer.test","aud":"https:\/\/service.test","exp":1800000900,"iat":1800000000,"#
            + #""sub":"\u00e9","jti":"1","t\u0065nant":{"id":7},"x":[1,2.5,null,true]}"#
        let issuer = try Sample.issuer.get()
        let text = try issuer.sign(
            header: ["alg": "RS256", "typ": "at+jwt", "kid": .string(issuer.keyID)], payload: Array(payload.utf8))
        let token = try Sample.verify(text)
        #expect(token.subject == "\u{E9}")
        #expect(token["tenant"]?.object?["id"] == 7)
        #expect(token["x"] == [1, 2.5, .null, true])
        #expect(token["missing"] == nil)
        #expect(token.claims.count == 8)
        #expect(token.payload == Array(payload.utf8))
    }

    @Test func `has no roles unless all are strings`() throws {
        for value in ["admin", ["admin", 1], [["admin"]], .null] as [JSONValue] {
            #expect(try Sample.verify(Sample.token(claims: ["roles": value])).roles.isEmpty)
        }
    }

    private struct OwnClaims: Decodable {
        let sub: String
        let exp: Date
        let iat: NumericDate
        let tenant: Tenant

        struct Tenant: Decodable { let id: Int }
    }

    @Test func `decodes into the caller's own type, including dates`() throws {
        let token = try Sample.verify(Sample.token(claims: ["tenant": ["id": 7]]))
        let claims = try token.decode(as: OwnClaims.self)
        #expect(claims.sub == "user-1")
        #expect(claims.exp == Date(timeIntervalSince1970: 1_800_000_900))
        #expect(claims.iat == Sample.now)
        #expect(claims.tenant.id == 7)
    }

    @Test(
        arguments: [
            (nil, VerificationError.Code.missingClaim, "tenant: expected to be present"),
            (.null, .missingClaim, "tenant: expected "), (["id": .null], .missingClaim, "tenant.id: expected "),
            (["id": "7"], .malformedClaims, "tenant.id: expected "),
            ([:], .missingClaim, "tenant.id: expected to be present"),
            (["id": 1e300], .malformedClaims, ""), ([7], .malformedClaims, "tenant: expected "),
        ] as [(JSONValue?, VerificationError.Code, String)])
    func `names the claim that does not fit the caller's type, and identifies the token`(
        tenant: JSONValue?, code: VerificationError.Code, detail: String
    ) throws {
        let token = try Sample.verify(Sample.token(claims: tenant.map { ["tenant": $0] } ?? [:]))
        let error = #expect(throws: VerificationError.self) { try token.decode(as: OwnClaims.self) }
        #expect(error?.code == code)
        #expect(error?.detail.hasPrefix(detail) == true, "\(error?.detail ?? "")")
        #expect(error?.token?.subject == "user-1")
    }

    @Test func `passes on a verification error of the caller's type and reports any other error as malformed claims`()
        throws
    {
        struct Refusing: Decodable {
            init(from decoder: any Decoder) throws { throw VerificationError(.wrongClient, "tenant: unknown here") }
        }
        struct Failing: Decodable {
            struct Failure: Error {}
            init(from decoder: any Decoder) throws { throw Failure() }
        }
        let token = try Sample.verify(Sample.token())
        #expect(throws: VerificationError(.wrongClient, "")) { try token.decode(as: Refusing.self) }
        let error = #expect(throws: VerificationError.self) { try token.decode(as: Failing.self) }
        #expect(error?.code == .malformedClaims && error?.detail.contains("Failure") == true)
    }

    @Test func `paths in errors are printable even if the token's names are not`() throws {
        let token = try Sample.verify(Sample.token(claims: ["seats": ["a\nb": [1, "two"]]]))
        struct Own: Decodable { let seats: [String: [Int]] }
        let error = #expect(throws: VerificationError.self) { try token.decode(as: Own.self) }
        #expect(error?.detail == "seats.a b[1]: expected Int")
    }

    @Test func `gives its times as dates of Foundation`() throws {
        let token = try Sample.verify(Sample.token())
        #expect(token.issuedAt.map { Date($0) } == Date(timeIntervalSince1970: 1_800_000_000))
        #expect(NumericDate(Date(timeIntervalSince1970: 1_800_000_000.5)) == Sample.now + .milliseconds(500))
    }

    @Test(arguments: [false, true])
    func `does not decode two names that differ only in their bytes`(nested: Bool) throws {
        // Swift strings treat the Kelvin sign U+212A and the letter K as equal, so both names are equal as `String`.
        let two: JSONObject = ["Key": "letter", "\u{212A}ey": "sign"]
        let token = try Sample.verify(Sample.token(claims: nested ? ["list": [.object(two)]] : two))
        if !nested {
            #expect(token["Key"]?.string == "letter")
            #expect(token["\u{212A}ey"]?.string == "sign")
        }
        struct Subject: Decodable { let sub: String }
        #expect(throws: VerificationError(.malformedClaims, "")) { try token.decode(as: Subject.self) }
    }
}
