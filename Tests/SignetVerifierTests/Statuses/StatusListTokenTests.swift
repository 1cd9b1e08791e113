import JOSE
import SignetTesting
import StatusList
import Testing

@testable import SignetVerifier

@Suite("A status list token")
struct StatusListTokenTests {
    private static let uri = "https://issuer.test/status-lists/0"

    private static func list(_ compressed: [UInt8], bits: Int64 = 1) -> JSONValue {
        .object(["bits": .integer(bits), "lst": .string(Base64URL.encode(compressed))])
    }

    private static let goodList = Result { list(try StatusList(count: 16).compressed()) }

    /// Applies `change` to a correct status list, signs the list, and reads the signed list.
    private static func read(
        type: String? = "statuslist+jwt", maximumEntries: Int = 1 << 23, by issuer: TestIssuer? = nil,
        _ change: (inout JSONObject) throws -> Void = { _ in }
    ) throws -> StatusListToken {
        let issuer = try issuer ?? Sample.issuer.get()
        let now = Sample.now.seconds
        var claims: JSONObject = [
            "sub": .string(uri), "iat": .integer(now), "exp": .integer(now + 60), "status_list": try goodList.get(),
        ]
        try change(&claims)
        var header: JSONObject = ["alg": "RS256", "kid": .string(issuer.keyID)]
        if let type { header["typ"] = .string(type) }
        let document = Array(try issuer.sign(header: header, payload: claims.serialized()).utf8)
        return try StatusListToken(
            StatusListToken.jws(document, maximumCount: 1 << 20), of: document,
            keys: KeySet(jwks: Sample.issuer.get().jwks), uri: uri, issuer: "https://issuer.test",
            now: Sample.now.secondsSinceEpoch, maximumEntries: maximumEntries)
    }

    /// The payload of the example in draft-ietf-oauth-status-list, section 5.1, except `iat` and `exp`.
    @Test func `is read from the draft's example`() throws {
        let token = try Self.read { claims in
            claims["status_list"] = ["bits": 1, "lst": "eNrbuRgAAhcBXQ"]
            claims["ttl"] = 43200
        }
        #expect((0..<16).filter { token.list[$0] } == [0, 3, 4, 5, 7, 8, 9, 13, 15])
        #expect(token.timeToLive == .seconds(43200))
        #expect(token.expiresAt == Sample.now.secondsSinceEpoch + 60)
    }

    @Test(arguments: ["statuslist+jwt", "application/statuslist+jwt", "StatusList+JWT"])
    func `is accepted with every spelling of its typ`(type: String) throws { _ = try Self.read(type: type) }

    @Test(arguments: ["at+jwt", "JWT", "statuslist+cwt", nil])
    func `is refused with another typ, such as that of an access token`(type: String?) {
        #expect(throws: StatusListToken.Fault.self) { try Self.read(type: type) }
    }

    /// A fault that makes a status list unusable.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout JSONObject) throws -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout JSONObject) throws -> Void) {
            testDescription = name
            self.change = change
        }
    }

    static let faults = [
        Fault("another list's name") { $0["sub"] = "https://issuer.test/status-lists/1" },
        Fault("no name") { $0["sub"] = nil },
        Fault("another issuer") { $0["iss"] = "https://somebody-else.test" },
        Fault("an issuer that is no string") { $0["iss"] = 1 },
        Fault("its end reached") { $0["exp"] = .integer(Sample.now.seconds) },
        Fault("no end") { $0["exp"] = nil },
        Fault("a time in the future") { $0["iat"] = .integer(Sample.now.seconds + 61) },
        Fault("no time") { $0["iat"] = nil },
        Fault("a time to live of nothing") { $0["ttl"] = 0 },
        Fault("no list") { $0["status_list"] = nil },
        Fault("two bits for each") { $0["status_list"] = ["bits": 2, "lst": "eNo76fITAAPfAgc"] },
        Fault("bits of no kind") { $0["status_list"] = ["lst": "eNrbuRgAAhcBXQ"] },
        Fault("no bytes") { $0["status_list"] = ["bits": 1] },
        Fault("bytes that are not base64url") { $0["status_list"] = ["bits": 1, "lst": "eNrbuRgAAhcBXQ=="] },
        Fault("bytes that are not compressed") { $0["status_list"] = list([0xB9, 0xA3]) },
        Fault("bytes cut off") { $0["status_list"] = list(try StatusList(count: 1024).compressed().dropLast()) },
        Fault("an empty list") { $0["status_list"] = ["bits": 1, "lst": "eNoDAAAAAAE"] },
    ]

    @Test(arguments: faults)
    func `is refused with any fault`(fault: Fault) {
        #expect(throws: StatusListToken.Fault.self) { try Self.read(fault.change) }
    }

    @Test func `may name its issuer, and is refused if another issuer signed it`() throws {
        _ = try Self.read { $0["iss"] = "https://issuer.test" }
        #expect(throws: StatusListToken.Fault.self) { try Self.read(by: Sample.foreignIssuer.get()) }
    }

    @Test func `is refused with more entries than accepted`() throws {
        let large = Self.list(try StatusList(count: 1 << 23).compressed())
        _ = try Self.read { $0["status_list"] = large }
        #expect(throws: StatusListToken.Fault.self) {
            try Self.read(maximumEntries: (1 << 23) - 8) { $0["status_list"] = large }
        }
    }

    @Test func `is refused over the limit without parsing it`() {
        #expect(throws: StatusListToken.Fault.self) {
            try StatusListToken.jws(Array(repeating: 0x41, count: 1025), maximumCount: 1024)
        }
    }
}
