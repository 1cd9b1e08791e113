import ArgumentParser
import SignetServer

/// The flags of `signet serve`: one for each setting that is not a secret.
struct ServeOptions: ParsableArguments {
    @Option(name: .customLong(Setting.host.flag), help: help(.host)) var host: String?
    @Option(name: .customLong(Setting.port.flag), help: help(.port)) var port: String?
    @Option(name: .customLong(Setting.data.flag), help: help(.data)) var data: String?
    @Option(name: .customLong(Setting.keys.flag), help: help(.keys)) var keys: String?
    @Option(name: .customLong(Setting.issuer.flag), help: help(.issuer)) var issuer: String?
    @Option(name: .customLong(Setting.audience.flag), help: help(.audience)) var audience: String?
    @Option(name: .customLong(Setting.loginAudiences.flag), help: help(.loginAudiences)) var loginAudiences: String?
    @Option(name: .customLong(Setting.loginScopes.flag), help: help(.loginScopes)) var loginScopes: String?
    @Option(name: .customLong(Setting.accessTokenTTL.flag), help: help(.accessTokenTTL)) var accessTokenTTL: String?
    @Option(name: .customLong(Setting.refreshTokenTTL.flag), help: help(.refreshTokenTTL)) var refreshTokenTTL: String?
    @Option(name: .customLong(Setting.sessionTTL.flag), help: help(.sessionTTL)) var sessionTTL: String?
    @Option(name: .customLong(Setting.refreshReuseWindow.flag), help: help(.refreshReuseWindow))
    var refreshReuseWindow: String?
    @Option(name: .customLong(Setting.statusListFreshness.flag), help: help(.statusListFreshness))
    var statusListFreshness: String?
    @Option(name: .customLong(Setting.passwordMinimumLength.flag), help: help(.passwordMinimumLength))
    var passwordMinimumLength: String?
    @Option(name: .customLong(Setting.auditRetention.flag), help: help(.auditRetention)) var auditRetention: String?
    @Option(name: .customLong(Setting.auditMaximumSize.flag), help: help(.auditMaximumSize))
    var auditMaximumSize: String?
    @Option(name: .customLong(Setting.allowedOrigins.flag), help: help(.allowedOrigins)) var allowedOrigins: String?
    @Option(name: .customLong(Setting.trustedProxies.flag), help: help(.trustedProxies)) var trustedProxies: String?
    @Option(name: .customLong(Setting.keyRotation.flag), help: help(.keyRotation)) var keyRotation: String?
    @Option(name: .customLong(Setting.keyLead.flag), help: help(.keyLead)) var keyLead: String?
    @Option(name: .customLong(Setting.jwksMaxAge.flag), help: help(.jwksMaxAge)) var jwksMaxAge: String?
    @Option(name: .customLong(Setting.keysPassphraseFile.flag), help: help(.keysPassphraseFile))
    var keysPassphraseFile: String?
    @Option(name: .customLong(Setting.logLevel.flag), help: help(.logLevel)) var logLevel: String?
    @Option(name: .customLong(Setting.opsHost.flag), help: help(.opsHost)) var opsHost: String?
    @Option(name: .customLong(Setting.opsPort.flag), help: help(.opsPort)) var opsPort: String?
    @Option(name: .customLong(Setting.fastLane.flag), help: help(.fastLane)) var fastLane: String?

    /// The settings whose flags are on the command line, with their values.
    var values: [Setting: String] {
        let pairs: [(Setting, String?)] = Setting.allCases.map { ($0, value(of: $0)) }
        return Dictionary(uniqueKeysWithValues: pairs.compactMap { setting, value in value.map { (setting, $0) } })
    }

    private func value(of setting: Setting) -> String? {
        switch setting {
        case .host: host
        case .port: port
        case .data: data
        case .keys: keys
        case .issuer: issuer
        case .audience: audience
        case .loginAudiences: loginAudiences
        case .loginScopes: loginScopes
        case .accessTokenTTL: accessTokenTTL
        case .refreshTokenTTL: refreshTokenTTL
        case .sessionTTL: sessionTTL
        case .refreshReuseWindow: refreshReuseWindow
        case .statusListFreshness: statusListFreshness
        case .passwordMinimumLength: passwordMinimumLength
        case .auditRetention: auditRetention
        case .auditMaximumSize: auditMaximumSize
        case .allowedOrigins: allowedOrigins
        case .trustedProxies: trustedProxies
        case .keyRotation: keyRotation
        case .keyLead: keyLead
        case .jwksMaxAge: jwksMaxAge
        case .keysPassphrase: nil
        case .keysPassphraseFile: keysPassphraseFile
        case .logLevel: logLevel
        case .opsHost: opsHost
        case .opsPort: opsPort
        case .fastLane: fastLane
        }
    }

    private static func help(_ setting: Setting) -> ArgumentHelp {
        ArgumentHelp(
            "\(setting.summary) (\(setting.environmentName); default: \(setting.defaultText))",
            valueName: setting.valueName)
    }
}
