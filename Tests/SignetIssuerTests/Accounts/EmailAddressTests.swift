import Testing

@testable import SignetIssuer

@Suite struct EmailAddressTests {
    @Test(arguments: [
        ("ada@example.com", "ada@example.com"),
        ("  Ada.Lovelace@Example.COM\n", "ada.lovelace@example.com"),
        ("\u{A0}ada@example.com\u{2003}", "ada@example.com"),
        ("a@b.co", "a@b.co"),
        ("!#$%&'*+-/=?^_`{|}~@xn--bcher-kva.example", "!#$%&'*+-/=?^_`{|}~@xn--bcher-kva.example"),
    ])
    func `an address is trimmed and lower-cased`(input: String, normalised: String) throws {
        #expect(try EmailAddress(input).text == normalised)
    }

    @Test(arguments: [
        "ada", "@", "ada@", "@example.com", "ada@@example.com", "ada@example@com", "ada@example", "ada@.com",
        "ada@example..com", "ada@example.com.", "ada@-example.com", "ada@example-.com", "ada@exa_mple.com",
        "ada@exa mple.com", "a da@example.com", ".ada@example.com", "ada.@example.com", "a..da@example.com",
        "\"ada\"@example.com", "ada@[192.0.2.1]", "ada@192.0.2.1", "ada\u{0}@example.com", "ada@example.com\u{0}",
        "ada\r\nBcc: eve@example.com", "äda@example.com", "ada@exämple.com", "ada<ada@example.com>",
        "ada,eve@example.com",
        "\(String(repeating: "a", count: 65))@example.com", "ada@\(String(repeating: "b", count: 64)).com",
    ])
    func `a text that is not an address is refused`(input: String) {
        #expect(throws: FieldError.self) { try EmailAddress(input) }
        #expect(Self.code(of: input) == .notAnEmailAddress)
    }

    @Test func `local part, label and whole address may be as long as RFC 5321 allows`() throws {
        let label = String(repeating: "b", count: 63)
        let local = String(repeating: "a", count: 64)
        _ = try EmailAddress("\(local)@\(label).com")
        let address = "\(local)@\(label).\(label).\(String(repeating: "c", count: 57)).com"
        #expect(address.utf8.count == 254)
        #expect(try EmailAddress(" \(address) ").text == address)
        #expect(Self.code(of: "x" + address) == .tooLong)
    }

    @Test func `an empty address counts as missing, and a huge one is too long`() {
        #expect(Self.code(of: "") == .required)
        #expect(Self.code(of: " \t\n") == .required)
        #expect(Self.code(of: String(repeating: "a", count: 1_000_000)) == .tooLong)
        #expect(Self.code(of: String(repeating: " ", count: 1_000_000)) == .tooLong)
    }

    private static func code(of input: String) -> FieldError.Code? {
        do {
            _ = try EmailAddress(input)
            return nil
        } catch {
            return error.code
        }
    }
}
