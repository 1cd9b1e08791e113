import SignetIssuer
import SignetServer
import Testing

@Suite("Misspelt settings")
struct SettingTests {
    @Test(arguments: [
        ("SIGNET_PROT", Setting.port), ("SIGNET_OPSPORT", .opsPort), ("SIGNET_LOGLEVEL", .logLevel),
        ("SIGNET_issuer", .issuer), ("SIGNET_ACCESS_TOKEN_LIFE", .accessTokenTTL), ("SIGNET_AUDIENCES", .audience),
        ("SIGNET_KEYROTATION", .keyRotation), ("SIGNET_ALLOWED_ORIGIN", .allowedOrigins),
    ])
    func `A misspelt name suggests the most similar setting`(name: String, expected: Setting) {
        #expect(Setting.nearest(to: name) == expected)
    }

    @Test(arguments: ["SIGNET_COLOUR_SCHEME", "SIGNET_", "X", "SIGNET_" + String(repeating: "A", count: 5000)])
    func `A name that resembles no setting suggests none`(name: String) {
        #expect(Setting.nearest(to: name) == nil)
    }

    @Test(arguments: Setting.allCases)
    func `The exact name of a setting suggests that setting`(setting: Setting) {
        #expect(Setting.nearest(to: setting.environmentName) == setting)
    }
}

@Suite("Bounds of settings")
struct SettingBoundTests {
    @Test func `The minimum password length has the bounds of the issuer's configuration`() throws {
        func read(_ number: Int) throws -> Int {
            try SettingReader { $0 == .passwordMinimumLength ? SettingValue("\(number)") : nil }.passwordMinimumLength()
        }
        let bounds = IssuerConfiguration.passwordMinimumLengths
        for number in [bounds.lowerBound, bounds.upperBound] { #expect(try read(number) == number) }
        for number in [bounds.lowerBound - 1, bounds.upperBound + 1] {
            #expect(throws: SettingError.self) { try read(number) }
        }
    }
}
