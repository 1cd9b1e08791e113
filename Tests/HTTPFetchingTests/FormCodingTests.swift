import HTTPFetching
import Testing

@Suite("Form coding")
struct FormCodingTests {
    @Test(arguments: [
        ("", ""), ("aZ09-._*", "aZ09-._*"), ("a b", "a+b"), ("a+b", "a%2Bb"), ("100 %", "100+%25"), ("~é", "%7E%C3%A9"),
    ])
    func `encodes a text and decodes it again`(text: String, encoded: String) {
        #expect(FormCoding.encode(text) == encoded)
        #expect(FormCoding.decode(encoded) == text)
    }

    @Test(arguments: ["%", "%4", "%4g", "a%", "%FF", "%C3"])
    func `refuses a broken escape and bytes that are not UTF-8`(encoded: String) {
        #expect(FormCoding.decode(encoded) == nil)
    }
}

@Suite("Basic credentials")
struct BasicCredentialsTests {
    @Test func `survive encoding with colons, spaces and non-ASCII letters`() {
        let credentials = BasicCredentials(clientID: "a:b c", secret: "é:+%")
        #expect(BasicCredentials(authorization: credentials.authorization) == credentials)
    }

    @Test func `show no secret when they are printed or dumped`() {
        let credentials = BasicCredentials(clientID: "orders", secret: "hunter2")
        var dumped = ""
        dump(credentials, to: &dumped)
        #expect(!("\(credentials)" + String(reflecting: credentials) + dumped).contains("hunter2"))
    }

    @Test func `are read with the scheme in any case`() {
        let credentials = BasicCredentials(clientID: "s6BhdRkqt3", secret: "gX1fBat3bV")
        for scheme in ["Basic", "basic", "BASIC", "basic  "] {
            #expect(BasicCredentials(authorization: "\(scheme) czZCaGRSa3F0MzpnWDFmQmF0M2JW") == credentials)
        }
    }

    @Test(arguments: [
        "", "Basic", "Basic ", "Bearer czZCaGRSa3F0MzpnWDFmQmF0M2JW", "Basic czZCaGRSa3F0Mw==", "Basic !",
        "Basic YTpiJQ==",
        "Basic " + String(repeating: "YTpi", count: 1024),
    ])
    func `are refused with another scheme, without a colon, with bad Base64, or over 4096 bytes`(value: String) {
        #expect(BasicCredentials(authorization: value) == nil)
    }
}
