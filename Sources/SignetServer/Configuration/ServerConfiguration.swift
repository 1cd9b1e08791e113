package import Logging
package import SignetAPI
package import SignetIssuer
package import SignetKeyring

/// The settings of `signet serve` after all checks.
package struct ServerConfiguration: Sendable {
    /// The address and port of a listener.
    package struct Listener: Sendable, Equatable {
        package var host: String
        package var port: Int
    }

    /// The listener of the API. Default: 127.0.0.1:5000.
    package var api: Listener
    /// The listener of health and metrics. Default: 127.0.0.1:5001.
    package var operations: Listener
    /// Directory of the store. Default: `./data`.
    package var dataDirectory: String
    /// Directory of the keys. Default: `./keys`.
    package var keysDirectory: String
    /// Web origins (RFC 6454) whose pages may call the API, besides the issuer's own origin. Default: none.
    package var allowedOrigins: [WebOrigin]
    /// Proxies whose `X-Forwarded-For` header is trusted. Default: none.
    package var trustedProxies: TrustedProxies
    /// When signing keys are created, activated and removed. Default: a new key every 30 days, which is published 24
    /// hours before it signs.
    package var keyPolicy: KeyPolicy
    /// The passphrase of the key files, or the path of its file; `nil` if the key files are not encrypted. Default:
    /// `nil`.
    package var keysPassphrase: PassphraseSource?
    /// Minimum severity of log messages. Default: info.
    package var logLevel: Logger.Level
    /// Whether the ``FastLane`` answers simple HTTP/1.1 requests directly, without Hummingbird. Default: `true`.
    package var usesFastLane: Bool
    /// The settings of the issuer: identifier, lifetimes, password rules and audit log.
    package var domain: IssuerConfiguration

    /// Reads and checks the value of every ``Setting``.
    /// - Throws: ``SettingError`` for the first setting whose value is invalid.
    package init(reading values: SettingReader) throws(SettingError) {
        api = Listener(host: try values.text(.host), port: try values.integer(.port, in: 1...65_535))
        dataDirectory = try values.dataDirectory()
        keysDirectory = try values.keysDirectory()
        let issuerURL = try values.issuerIdentifier(.issuer)
        let audience = try values.optionalText(.audience) ?? issuerURL
        let loginAudiences = try values.loginAudiences()
        let loginScopes = try values.loginScopes()
        let accessTokenLifetime = try values.duration(.accessTokenTTL, in: .seconds(1) ... .seconds(86_400))
        let idleLifetime = try values.duration(.refreshTokenTTL, in: .seconds(1) ... .seconds(10 * 365 * 86_400))
        let sessionLifetime = try values.duration(.sessionTTL, in: .seconds(1) ... .seconds(10 * 365 * 86_400))
        let reuseWindow = try values.duration(.refreshReuseWindow, in: .zero ... .seconds(600))
        guard reuseWindow < idleLifetime else {
            throw values.error(
                .refreshReuseWindow, "must be shorter than \(Setting.refreshTokenTTL.environmentName)")
        }
        guard idleLifetime <= sessionLifetime else {
            throw values.error(
                .sessionTTL,
                "must not be shorter than \(Setting.refreshTokenTTL.environmentName), the idle lifetime of a session")
        }
        let freshness = try values.optionalDuration(.statusListFreshness, in: .seconds(5) ... .seconds(3600))
        let minimumLength = try values.passwordMinimumLength()
        let audit = AuditLimits(
            retention: try values.duration(.auditRetention, in: .seconds(3600) ... .seconds(10 * 365 * 86_400)),
            maximumBytes: try values.size(.auditMaximumSize, in: (16 << 20)...(1 << 40)))
        allowedOrigins = try values.list(
            .allowedOrigins,
            of: """
                origins as browsers send them: https (or http on a loopback host), lower case, without path and default \
                port
                """,
            WebOrigin.init)
        trustedProxies = TrustedProxies(
            ranges: try values.list(
                .trustedProxies, of: "addresses and address ranges such as 10.0.0.0/8"
            ) { AddressRange($0) })
        keyPolicy = try Self.keyPolicy(
            values, accessTokenLifetime: accessTokenLifetime, sessionLifetime: sessionLifetime)
        keysPassphrase = try values.keysPassphrase()
        logLevel = try values.logLevel(.logLevel)
        operations = Listener(host: try values.text(.opsHost), port: try values.integer(.opsPort, in: 1...65_535))
        guard operations != api else {
            throw values.error(.opsPort, "must differ from \(Setting.port.environmentName) on the same address")
        }
        usesFastLane = try values.onOff(.fastLane)
        domain = IssuerConfiguration(
            identifier: issuerURL, audience: audience, loginAudiences: loginAudiences, loginScopes: loginScopes,
            accessTokenLifetime: accessTokenLifetime, refreshTokenIdleLifetime: idleLifetime,
            sessionLifetime: sessionLifetime, reuseWindow: reuseWindow,
            passwordMinimumLength: minimumLength, audit: audit, statusListFreshness: freshness)
    }

    /// Reads the passphrase of the key files; `nil` if none is set.
    /// - Throws: `passphraseUnusable` if the passphrase does not have 8 to 1024 bytes on one line, or if its file is in
    ///   the directory of the keys; `inaccessible` if the file cannot be read; `insecureMode` if users other than the
    ///   file's owner have permissions on it; `corrupt` if the file is larger than 256 KiB.
    package func readKeysPassphrase() throws(KeyringError) -> Passphrase? {
        try keysPassphrase?.passphrase(outside: keysDirectory)
    }

    private static func assignment(_ setting: Setting, _ duration: Duration) -> String {
        "\(setting.environmentName)=\(DurationText.text(duration))"
    }

    private static func keyPolicy(
        _ values: SettingReader, accessTokenLifetime: Duration, sessionLifetime: Duration
    ) throws(SettingError) -> KeyPolicy {
        let rotation = try values.optionalDuration(.keyRotation, in: .seconds(1) ... .seconds(10 * 365 * 86_400))
        let lead = try values.duration(.keyLead, in: .seconds(1) ... .seconds(365 * 86_400))
        let maxAge = try values.duration(.jwksMaxAge, in: .seconds(1) ... .seconds(30 * 86_400))
        do {
            return try KeyPolicy(
                rotationInterval: rotation, lead: lead, maxAge: maxAge, accessTokenLifetime: accessTokenLifetime,
                sessionLifetime: sessionLifetime)
        } catch {
            let corrected = error.corrected
            var example: [String] = []
            if corrected.lead != lead { example.append(Self.assignment(.keyLead, corrected.lead)) }
            if let changed = corrected.rotationInterval, changed != rotation {
                example.append(Self.assignment(.keyRotation, changed))
            }
            throw values.error(
                error.member == .lead ? .keyLead : .keyRotation, error.fault, example: example.joined(separator: " "))
        }
    }
}
