import JOSE
import Testing

@Suite("A compact JWS")
struct CompactJWSTests {
    private static func token(
        header: String = "{\"alg\":\"RS256\"}", payload: String = "{}", signature: String = "AAAA"
    ) -> String {
        "\(Base64URL.encode(header.utf8)).\(Base64URL.encode(payload.utf8)).\(signature)"
    }

    private func parse(_ token: String) throws(JWSError) -> CompactJWS {
        try CompactJWS(parsing: Array(token.utf8))
    }

    @Test func `is split into header, payload, signature and signing input`() throws {
        let token = Self.token(
            header: "{\"typ\":\"at+jwt\",\"alg\":\"RS256\",\"kid\":\"k\\u0031\"}", payload: "{\"a\":1}")
        let jws = try parse(token)
        #expect(jws.header == JWSHeader(type: "at+jwt", keyID: "k1"))
        #expect(jws.payload == Array("{\"a\":1}".utf8))
        #expect(jws.signature == [0, 0, 0])
        #expect(
            String(token.utf8.prefix(jws.signingInputCount))
                == token.split(separator: ".").prefix(2).joined(separator: "."))
    }

    @Test func `is assembled from header, payload and signature`() throws {
        let header: JSONObject = ["alg": "RS256", "kid": "k1"]
        let input = CompactJWS.signingInput(header: header, payload: ["sub": "x"])
        let token = CompactJWS.assemble(signingInput: input, signature: [1, 2, 3])
        #expect(token == "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJ4In0.AQID")
        let jws = try parse(token)
        #expect(Array(token.utf8.prefix(jws.signingInputCount)) == input)
    }

    @Test func `is refused unless it has exactly two periods`() throws {
        let token = Self.token(payload: "{\"a\":\"\(String(repeating: "x", count: 90))\"}")
        _ = try parse(token)
        for position in 0...token.count {
            var longer = token
            longer.insert(".", at: token.index(token.startIndex, offsetBy: position))
            #expect(throws: JWSError(.malformedShape, "")) { try parse(longer) }
        }
        for index in token.indices where token[index] == "." {
            var shorter = token
            shorter.remove(at: index)
            #expect(throws: JWSError(.malformedShape, "")) { try parse(shorter) }
        }
    }

    @Test func `may have an empty payload`() throws {
        #expect(try parse(Self.token(payload: "")).payload.isEmpty)
    }

    @Test(arguments: [
        "", ".", "..", "...", "a", "a.b", "a.b.c.d", "a.b.c.d.e", ".e30.AAAA", "eyJhbGciOiJSUzI1NiJ9.e30.",
        "eyJhbGciOiJSUzI1NiJ9.e30",
    ])
    func `is refused unless it has three parts with a header and a signature`(token: String) {
        #expect(throws: JWSError(.malformedShape, "")) { try parse(token) }
    }

    @Test(arguments: [
        "eyJhbGciOiJSUzI1NiJ9=.e30.AAAA", "eyJhbGciOiJSUzI1NiJ9.e30=.AAAA", "eyJhbGciOiJSUzI1NiJ9.e30.AAA=",
        "eyJhbGciOiJSUzI1NiJ9.e31.AAAA", "eyJhbGciOiJSUzI1NiJ9.e30.AAB", " eyJhbGciOiJSUzI1NiJ9.e30.AAAA",
        "eyJhbGciOiJSUzI1NiJ9.e30.AAAA\n", "eyJhbGciOiJSUzI1NiJ9.e30.A+/A", "eyJhbGciOiJSUzI1NiJ9.e3 0.AAAA",
        "eyJhbGciOiJSUzI1NiJ9.e30.A", "eyJhbGciOiJSUzI1NiJ9.e30.ÄAAA",
    ])
    func `is refused unless every part is canonical base64url`(token: String) {
        #expect(throws: JWSError(.malformedEncoding, "")) { try parse(token) }
    }

    @Test func `is refused beyond 16 KiB, and with a header beyond 4 KiB`() throws {
        let room = CompactJWS.maximumCount - Self.token(payload: "", signature: "").utf8.count
        let longest = String(repeating: "A", count: room)
        #expect(try parse(Self.token(payload: "", signature: longest)).signature.count == room * 3 / 4)
        #expect(throws: JWSError(.tooLarge, "")) { try parse(Self.token(payload: "", signature: longest + "A")) }
        let padding = String(repeating: " ", count: 4096 - 15)
        #expect(throws: Never.self) { try parse(Self.token(header: "{\"alg\":\"RS256\"}" + padding)) }
        #expect(throws: JWSError(.tooLarge, "")) {
            try parse(Self.token(header: "{\"alg\":\"RS256\"}" + padding + " "))
        }
    }

    @Test(arguments: [
        "", "[]", "\"RS256\"", "null", "{\"alg\":\"RS256\"", "{\"alg\":\"RS256\"}x", "{\"alg\":\"RS256\",}",
        "{\"alg\":\"RS256\",\"alg\":\"RS256\"}", "{\"alg\":\"RS256\",\"x\":{\"y\":1,\"y\":1}}",
        "{\"alg\":\"RS256\",\"kid\":1}", "{\"alg\":\"RS256\",\"kid\":null}", "{\"alg\":\"RS256\",\"kid\":[\"a\"]}",
        "{\"alg\":\"RS256\",\"typ\":{}}", "{\"alg\":\"RS256\",\"typ\":true}",
    ])
    func `is refused unless the header is a strict JSON object with parameters of the right types`(json: String) {
        let code: JWSError.Code = json.isEmpty ? .malformedShape : .malformedHeader
        #expect(throws: JWSError(code, "")) { try parse(Self.token(header: json)) }
    }

    @Test(arguments: [
        "{}", "{\"alg\":\"none\"}", "{\"alg\":\"HS256\"}", "{\"alg\":\"rs256\"}", "{\"alg\":\"RS256 \"}",
        "{\"alg\":\"RS384\"}",
        "{\"alg\":\"PS256\"}", "{\"alg\":null}", "{\"alg\":[\"RS256\"]}", "{\"alg\":{\"RS256\":1}}",
        "{\"Alg\":\"RS256\"}",
        "{\"alg\":\"\"}", "{\"alg\":256}", "{\"alg\":\"RS256\\u0000\"}",
    ])
    func `is refused unless alg is exactly RS256`(json: String) {
        #expect(throws: JWSError(.unsupportedAlgorithm, "")) { try parse(Self.token(header: json)) }
    }

    @Test func `may spell RS256 with JSON escapes`() throws {
        #expect(throws: Never.self) { try parse(Self.token(header: "{\"\\u0061lg\":\"\\u0052S256\"}")) }
    }

    @Test(arguments: [
        "{\"alg\":\"RS256\",\"crit\":[]}", "{\"alg\":\"RS256\",\"crit\":null}",
        "{\"crit\":[\"exp\"],\"alg\":\"RS256\",\"exp\":1}",
        "{\"alg\":\"RS256\",\"b64\":false}", "{\"alg\":\"RS256\",\"b64\":true}",
        "{\"alg\":\"RS256\",\"\\u0063rit\":[\"b64\"]}",
    ])
    func `is refused with crit or b64`(json: String) {
        #expect(throws: JWSError(.unsupportedExtension, "")) { try parse(Self.token(header: json)) }
    }

    @Test func `may contain keys and key URLs in the header, which are ignored`() throws {
        let header = """
            {"jwk":{"kty":"RSA"},"jku":"https://keys.example","x5u":"x","x5c":["MII"],"x5t":1,"alg":"RS256","other":[{}]}
            """
        #expect(try parse(Self.token(header: header)).header == JWSHeader(type: nil, keyID: nil))
    }

    @Test func `is not quoted in an error`() {
        let secret = "c2VjcmV0"
        for token in ["\(secret).\(secret).\(secret)", "\(secret).\(secret)", "\(secret)=.\(secret).\(secret)"] {
            let error = #expect(throws: JWSError.self) { try parse(token) }
            #expect(!String(describing: error).contains("secret"))
            #expect(!String(describing: error).contains(secret))
        }
    }
}
