package import Configuration
package import Logging
package import SignetIssuer
package import SignetKeyring

/// Everything the service needs to know before it starts, checked.
package struct ServerConfiguration: Sendable {
    /// Where a listener binds.
    package struct Listener: Sendable, Equatable {
        package var host: String
        package var port: Int
    }

    /// The API. Default 127.0.0.1:5000.
    package var api: Listener
    /// Health and metrics. Default 127.0.0.1:5001.
    package var operations: Listener
    /// Directory of the store. Default `./data`.
    package var dataDirectory: String
    /// Directory of the keys. Default `./keys`.
    package var keysDirectory: String
    /// Origins whose pages may use the first-party API beside the issuer's own. Default: none.
    package var allowedOrigins: [WebOrigin]
    /// Whose `X-Forwarded-For` is believed. Default: nobody's.
    package var trustedProxies: TrustedProxies
    /// What the life of a signing key goes by. Default: a new key every 30 days, published 24 hours ahead.
    package var keyTerms: KeyPolicy
    /// What the files of the keys are encrypted under, from whichever of the two settings was given. Default: nothing.
    package var keysPassphrase: PassphraseSource?
    /// Least severe level that is logged. Default info.
    package var logLevel: Logger.Level
    /// What the issuer itself is told.
    package var domain: IssuerConfiguration

    /// Reads every ``Setting`` from `reader`, whose providers stand in order of precedence.
    /// - Throws: the first ``SettingError`` in the order of ``Setting``'s cases.
    package init(reading reader: ConfigReader) throws(SettingError) {
        let values = SettingReader(reader: reader)
        api = Listener(host: try values.text(.host), port: try values.integer(.port, in: 1...65_535))
        dataDirectory = try values.text(.data)
        keysDirectory = try values.text(.keys)
        let issuerURL = try values.issuerIdentifier(.issuer)
        let audience = try values.optionalText(.audience) ?? issuerURL
        let accessTokenLifetime = try values.duration(.accessTokenTTL, in: .seconds(1) ... .seconds(86_400))
        let idleLifetime = try values.duration(.refreshTokenTTL, in: .seconds(1) ... .seconds(10 * 365 * 86_400))
        let sessionLifetime = try values.duration(.sessionTTL, in: .seconds(1) ... .seconds(10 * 365 * 86_400))
        let reuseWindow = try values.duration(.refreshReuseWindow, in: .zero ... .seconds(600))
        guard reuseWindow < idleLifetime else {
            throw SettingError(
                .refreshReuseWindow, "must be shorter than \(Setting.refreshTokenTTL.environmentName)")
        }
        guard idleLifetime <= sessionLifetime else {
            throw SettingError(
                .sessionTTL,
                "must not be shorter than \(Setting.refreshTokenTTL.environmentName), the idle life of a session")
        }
        let freshness =
            try values.text(.statusListFreshness) == "off"
            ? nil : try values.duration(.statusListFreshness, in: .seconds(5) ... .seconds(3600))
        let minimumLength = try values.integer(.passwordMinimumLength, in: 1...256)
        let audit = AuditLimits(
            retention: try values.duration(.auditRetention, in: .seconds(3600) ... .seconds(10 * 365 * 86_400)),
            maximumBytes: try values.size(.auditMaximumSize, in: (16 << 20)...(1 << 40)))
        allowedOrigins = try values.list(
            .allowedOrigins,
            of:
                "origins as browsers send them: https (or http on a loopback name), lower case, no path, no default port",
            WebOrigin.init)
        trustedProxies = TrustedProxies(
            ranges: try values.list(
                .trustedProxies, of: "addresses and ranges of addresses such as 10.0.0.0/8"
            ) { AddressRange($0) })
        keyTerms = try Self.keyTerms(
            values, accessTokenLifetime: accessTokenLifetime, sessionLifetime: sessionLifetime)
        keysPassphrase = try PassphraseSource(reading: values)
        logLevel = try values.logLevel(.logLevel)
        operations = Listener(host: try values.text(.opsHost), port: try values.integer(.opsPort, in: 1...65_535))
        guard operations != api else {
            throw SettingError(.opsPort, "must differ from \(Setting.port.environmentName) on the same address")
        }
        domain = IssuerConfiguration(
            identifier: issuerURL, audience: audience, accessTokenLifetime: accessTokenLifetime,
            refreshTokenIdleLifetime: idleLifetime, sessionLifetime: sessionLifetime, reuseWindow: reuseWindow,
            passwordMinimumLength: minimumLength, audit: audit, statusListFreshness: freshness)
    }

    /// Reads the passphrase of the keys' files; `nil` when none is set.
    /// - Throws: `passphraseUnusable`, also for a file that lies with the keys; `inaccessible`, `insecureMode`.
    package func readKeysPassphrase() throws(KeyringError) -> Passphrase? {
        try keysPassphrase?.passphrase(outside: keysDirectory)
    }

    private static func assignment(_ setting: Setting, _ duration: Duration) -> String {
        "\(setting.environmentName)=\(DurationText.text(duration))"
    }

    private static func keyTerms(
        _ values: SettingReader, accessTokenLifetime: Duration, sessionLifetime: Duration
    ) throws(SettingError) -> KeyPolicy {
        let rotation: Duration? =
            try values.text(.keyRotation) == "off"
            ? nil : try values.duration(.keyRotation, in: .seconds(1) ... .seconds(10 * 365 * 86_400))
        let lead = try values.duration(.keyLead, in: .seconds(1) ... .seconds(365 * 86_400))
        let maxAge = try values.duration(.jwksMaxAge, in: .seconds(1) ... .seconds(30 * 86_400))
        do {
            return try KeyPolicy(
                rotation: rotation, lead: lead, maxAge: maxAge, accessTokenLifetime: accessTokenLifetime,
                sessionLifetime: sessionLifetime)
        } catch {
            let mended = error.mended
            var example: [String] = []
            if mended.lead != lead { example.append(Self.assignment(.keyLead, mended.lead)) }
            if let changed = mended.rotation, changed != rotation {
                example.append(Self.assignment(.keyRotation, changed))
            }
            throw SettingError(
                error.term == .lead ? .keyLead : .keyRotation, error.fault, example: example.joined(separator: " "))
        }
    }
}
