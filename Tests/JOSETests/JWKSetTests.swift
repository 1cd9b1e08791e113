import JOSE
import Testing

@Suite("A JWK Set")
struct JWKSetTests {
    private static let key: JSONObject = ["kty": "RSA", "kid": "k1", "n": "AQAB", "e": "AQAB"]

    private func parse(_ keys: JSONValue) throws(JWKError) -> JWKSet {
        try JWKSet(parsing: JSONObject(dictionaryLiteral: ("keys", keys)).serialized())
    }

    private func changed(_ name: String, _ value: JSONValue?) -> JSONValue {
        var key = Self.key
        key[name] = value
        return .object(key)
    }

    @Test func `keeps the usable keys in order and gives a reason for each skipped key`() throws {
        let set = try parse([
            ["kty": "EC", "kid": "ec"], changed("use", "enc"), .object(Self.key), 1, changed("kid", "k2"),
            changed("n", nil),
        ])
        #expect(set.keys.map(\.keyID) == ["k1", "k2"])
        #expect(set.skippedKeys.map(\.index) == [0, 1, 3, 5])
        #expect(
            set.skippedKeys.map(\.reason.code) == [.unsupportedType, .notForVerification, .malformedKey, .malformedKey])
    }

    @Test func `keeps both of two keys with the same kid`() throws {
        #expect(try parse([.object(Self.key), changed("n", "AQAD")]).keys.map(\.modulus) == [[1, 0, 1], [1, 0, 3]])
    }

    @Test func `may be empty`() throws {
        #expect(try parse([]).keys.isEmpty)
    }

    @Test(
        arguments: [
            ("use", "sig"), ("alg", "RS256"), ("key_ops", ["verify"]), ("key_ops", ["sign", "verify"]),
            ("key_ops", ["verify", "x-own"]), ("kid", nil), ("d", "AQAB"), ("x5c", [1]), ("other", ["a": 1]),
        ] as [(String, JSONValue?)])
    func `accepts keys for signatures and keys without a purpose`(name: String, value: JSONValue?) throws {
        #expect(try parse([changed(name, value)]).keys.count == 1)
    }

    @Test(
        arguments: [
            ("use", "enc"), ("use", "Sig"), ("use", ["sig"]), ("use", nil), ("alg", "RS384"), ("alg", "rs256"),
            ("alg", "PS256"),
            ("alg", 1), ("alg", nil), ("key_ops", ["sign"]), ("key_ops", []),
        ] as [(String, JSONValue)])
    func `skips keys for another purpose`(name: String, value: JSONValue) throws {
        let set = try parse([changed(name, value)])
        #expect(set.keys.isEmpty)
        #expect(set.skippedKeys.first?.reason.code == .notForVerification)
    }

    @Test(
        arguments: [
            ("kty", nil), ("kty", 1), ("n", nil), ("e", nil), ("n", .some(.null)), ("e", 65537), ("n", ""),
            ("e", "AAEAAQ"), ("n", "AAEB"),
            ("n", "AQA="), ("n", "AQ\nAB"), ("n", "+/+/"), ("e", "AQB"), ("kid", 1), ("kid", .some(.null)),
            ("key_ops", "verify"),
            ("key_ops", ["verify", 1]), ("key_ops", ["verify", "verify"]), ("key_ops", .some(.null)),
        ] as [(String, JSONValue?)])
    func `skips malformed keys`(name: String, value: JSONValue?) throws {
        let set = try parse([changed(name, value)])
        #expect(set.keys.isEmpty)
        #expect(set.skippedKeys.first?.reason.code == .malformedKey)
    }

    @Test(arguments: ["EC", "OKP", "oct", "rsa", "RSA ", ""])
    func `skips keys of other types`(type: String) throws {
        #expect(try parse([changed("kty", .string(type))]).skippedKeys.first?.reason.code == .unsupportedType)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"keys\":{}}", "{\"keys\":null}", "{\"KEYS\":[]}", "{\"keys\":\"[]\"}",
        "{\"keys\":[],\"keys\":[]}",
        "{\"keys\":[]} x", "{\"keys\":[{\"kty\":\"RSA\",\"kty\":\"EC\"}]}", "\u{FEFF}{\"keys\":[]}", "<html>",
        "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
    ])
    func `is refused unless it is a strict JSON object with an array of keys`(text: String) {
        #expect(throws: JWKError(.malformedDocument, "")) { try JWKSet(parsing: Array(text.utf8)) }
    }

    @Test func `is refused with more than 64 keys or 256 KiB`() throws {
        #expect(try parse(.array(Array(repeating: 0, count: 64))).skippedKeys.count == 64)
        #expect(throws: JWKError(.tooLarge, "")) { try parse(.array(Array(repeating: 0, count: 65))) }
        let document = Array("{\"keys\":[]}".utf8)
        let padding = [UInt8](repeating: 0x20, count: 256 * 1024 - document.count)
        #expect(throws: Never.self) { try JWKSet(parsing: document + padding) }
        #expect(throws: JWKError(.tooLarge, "")) { try JWKSet(parsing: document + padding + [0x20]) }
    }

    @Test func `is published with the purpose of each key and without private members`() throws {
        let set = try parse([changed("d", "AQAB"), changed("kid", nil)])
        let text = String(decoding: set.json.serialized(), as: UTF8.self)
        let expected = """
            {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"k1","n":"AQAB","e":"AQAB"},\
            {"kty":"RSA","use":"sig","alg":"RS256","n":"AQAB","e":"AQAB"}]}
            """
        #expect(text == expected)
        #expect(try JWKSet(parsing: Array(text.utf8)).keys == set.keys)
    }
}
