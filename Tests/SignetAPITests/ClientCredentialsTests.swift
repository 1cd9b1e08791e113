import Foundation
import Testing

@testable import SignetAPI

@Suite("Client credentials")
struct ClientCredentialsTests {
    private static func read(basic: String?, form: String = "") throws -> ClientCredentials {
        var headers = HeaderFields()
        if let basic { headers.append(.authorization, "Basic " + Data(basic.utf8).base64EncodedString()) }
        return try ClientCredentials(fields: headers, form: try FormParameters(parsing: Array(form.utf8)))
    }

    private static func code(_ body: () throws -> ClientCredentials) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? OAuthError)?.code ?? "\(error)"
        }
    }

    @Test(arguments: [
        ("orders:secret", ""), ("orders:secret", "client_id=orders"), ("orders:secret", "client_id="),
        ("orders:secret", "client_secret="), ("%6Frders:sec%72et", "client_id=%6Frders"),
    ])
    func `Basic credentials are accepted without a second set in the form`(basic: String, form: String) throws {
        let credentials = try Self.read(basic: basic, form: form)
        #expect(credentials.clientID == "orders")
        #expect(credentials.secret == "secret")
        #expect(credentials.usedHeader)
    }

    @Test func `credentials in the form are accepted without a header`() throws {
        let credentials = try Self.read(basic: nil, form: "client_id=orders&client_secret=se+cret%3A")
        #expect(credentials.clientID == "orders")
        #expect(credentials.secret == "se cret:")
        #expect(!credentials.usedHeader)
    }

    @Test func `the first colon separates the id from the secret`() throws {
        let credentials = try Self.read(basic: "a%3Ab:c:d")
        #expect(credentials.clientID == "a:b")
        #expect(credentials.secret == "c:d")
    }

    @Test(arguments: [
        "client_id=billing", "client_id=Orders", "client_id=orders%00", "client_id=+orders", "client_id=order",
        "client_id=%20",
    ])
    func `a client_id in the form that differs from the header's is refused`(form: String) {
        #expect(Self.code { try Self.read(basic: "orders:secret", form: form) } == "invalid_request")
    }

    @Test(arguments: [
        "client_secret=secret", "client_secret=other", "client_id=orders&client_secret=secret",
        "client_id=billing&client_secret=secret",
    ])
    func `a secret in the header and in the form is refused`(form: String) {
        #expect(Self.code { try Self.read(basic: "orders:secret", form: form) } == "invalid_request")
    }

    @Test(arguments: [
        "", "client_id=orders", "client_secret=secret", "client_id=&client_secret=secret", "client_id=o&client_secret=",
    ])
    func `a form without both id and secret is refused if there is no header`(form: String) {
        #expect(Self.code { try Self.read(basic: nil, form: form) } == "invalid_client")
    }

    @Test(arguments: [
        "", "Basic", "Basic ", "Basic !", "Basic b3JkZXJz", "Basic b3JkZXJzOnNlY3JldA", "Bearer b3JkZXJzOnNlY3JldA==",
        "Basic b3JkZXJzOnNlY3Jld%A=", "Basic JTpzZWNyZXQ=", "Basic /zpzZWNyZXQ=",
        "Basic " + String(repeating: "A", count: 4096),
    ])
    func `a header that is not valid Basic is refused and does not fall back to the form`(header: String) throws {
        let form = try FormParameters(parsing: Array("client_id=orders".utf8))
        #expect(Self.code { try ClientCredentials(fields: [.authorization: header], form: form) } == "invalid_client")
    }

    @Test func `two Authorization headers are refused`() throws {
        let form = try FormParameters(parsing: [])
        var headers: HeaderFields = [.authorization: "Basic b3JkZXJzOnNlY3JldA=="]
        headers.append(.authorization, "Basic b3JkZXJzOnNlY3JldA==")
        #expect(Self.code { try ClientCredentials(fields: headers, form: form) } == "invalid_request")
    }

    @Test(arguments: ["client_id", "client_secret", "token", "grant_type"])
    func `a repeated parameter is refused`(name: String) {
        for form in ["\(name)=a&\(name)=a", "\(name)=a&\(name)=b", "\(name)=&\(name)=a", "\(name)&x=y&\(name)"] {
            #expect(throws: FormError("a parameter is repeated"), "\(form)") {
                try FormParameters(parsing: Array(form.utf8), repeatable: ["resource", "audience"])
            }
        }
    }
}

@Suite("Forms")
struct FormParametersTests {
    @Test func `a parameter may repeat only if the caller allows it`() throws {
        let form = Array("resource=a&resource=&%72esource=b+c&scope=&token".utf8)
        let parameters = try FormParameters(parsing: form, repeatable: ["resource"])
        #expect(parameters.all("resource") == ["a", "b c"])
        #expect(parameters.all("audience") == [])
        #expect(parameters["scope"] == nil)
        #expect(parameters["token"] == nil)
        for text in ["resource=a&%72esource=a", "scope=&scope=", "token&token"] {
            #expect(throws: FormError("a parameter is repeated")) {
                try FormParameters(parsing: Array(text.utf8), repeatable: ["audience"])
            }
        }
    }

    @Test func `a form has at most 64 parameters`() throws {
        func form(_ count: Int) -> [UInt8] {
            Array([String](repeating: "resource", count: count).joined(separator: "&").utf8)
        }
        _ = try FormParameters(parsing: form(64), repeatable: ["resource"])
        #expect(throws: FormError("more than 64 parameters")) {
            try FormParameters(parsing: form(65), repeatable: ["resource"])
        }
    }
}

@Suite("Signed introspection")
struct SignedIntrospectionTests {
    private static let signed = SignedIntrospection.mediaType

    @Test(arguments: [
        [signed], ["Application/Token-Introspection+JWT"], ["\(signed), */*"], ["*/*;q=0.5, \(signed) ; q=0.1"],
        ["\(signed), application/json;q=0.9"], ["application/json; q=0, \(signed)"],
        ["application/json;q=0.999, \(signed);q=1.000"], ["application/json;q=0.5", signed],
        ["\(signed);charset=utf-8;Q=0.8,application/json;q=0.7"],
    ])
    func `the response is signed if Accept names the signed form and prefers it`(accept: [String]) {
        #expect(SignedIntrospection.isWanted(by: accept))
    }

    @Test(arguments: [
        [], [""], ["*/*"], ["application/*"], ["application/json"], ["\(signed), application/json"],
        ["\(signed);q=0"], ["\(signed);q=0.000, */*"], ["\(signed);q=0.5, application/json"],
        ["application/token- introspection+jwt"], ["x\(signed)"], ["\(signed);q=2"], ["\(signed);q=high"],
        ["\(signed);q=0.1234"], ["\(signed);q=-1"], ["\(signed);q="],
    ])
    func `any other Accept gets plain JSON`(accept: [String]) {
        #expect(!SignedIntrospection.isWanted(by: accept))
    }
}
