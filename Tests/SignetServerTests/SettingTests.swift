import SignetServer
import Testing

@Suite("Misspelt settings")
struct SettingTests {
    @Test(arguments: [
        ("SIGNET_PROT", Setting.port), ("SIGNET_OPSPORT", .opsPort), ("SIGNET_LOGLEVEL", .logLevel),
        ("SIGNET_issuer", .issuer), ("SIGNET_ACCESS_TOKEN_LIFE", .accessTokenTTL), ("SIGNET_AUDIENCES", .audience),
        ("SIGNET_KEYROTATION", .keyRotation), ("SIGNET_ALLOWED_ORIGIN", .allowedOrigins),
    ])
    func `The setting that was meant is found`(name: String, expected: Setting) {
        #expect(Setting.nearest(to: name) == expected)
    }

    @Test(arguments: ["SIGNET_COLOUR_SCHEME", "SIGNET_", "X", "SIGNET_" + String(repeating: "A", count: 5000)])
    func `What resembles none has none`(name: String) {
        #expect(Setting.nearest(to: name) == nil)
    }

    @Test(arguments: Setting.allCases)
    func `Every setting is nearest to its own name`(setting: Setting) {
        #expect(Setting.nearest(to: setting.environmentName) == setting)
    }
}
