/// Everything an operator can set: one place from which the flags, the environment variables, the help, the error
/// messages and the README's table are made.
package enum Setting: String, CaseIterable, Sendable {
    case host
    case port
    case data
    case keys
    case issuer
    case audience
    case accessTokenTTL = "access-token-ttl"
    case refreshTokenTTL = "refresh-token-ttl"
    case sessionTTL = "session-ttl"
    case refreshReuseWindow = "refresh-reuse-window"
    case statusListFreshness = "status-list-freshness"
    case passwordMinimumLength = "password-min-length"
    case auditRetention = "audit-retention"
    case auditMaximumSize = "audit-max-size"
    case allowedOrigins = "allowed-origins"
    case trustedProxies = "trusted-proxies"
    case keyRotation = "key-rotation"
    case keyLead = "key-lead"
    case jwksMaxAge = "jwks-max-age"
    case keysPassphrase = "keys-passphrase"
    case keysPassphraseFile = "keys-passphrase-file"
    case logLevel = "log-level"
    case opsHost = "ops-host"
    case opsPort = "ops-port"

    /// The flag without its dashes: `access-token-ttl`.
    package var flag: String { rawValue }

    /// Whether it may be given on the command line. A secret may not: every user of the machine can read that.
    package var hasFlag: Bool { self != .keysPassphrase }

    /// The environment variable: `SIGNET_ACCESS_TOKEN_TTL`.
    package var environmentName: String {
        "SIGNET_" + rawValue.uppercased().split(separator: "-").joined(separator: "_")
    }

    /// The key under which swift-configuration looks it up in every provider.
    package var configurationKey: String { "signet." + rawValue }

    /// The text that is used when nothing is set; `nil` where ``defaultText`` says what applies then.
    package var defaultValue: String? {
        switch self {
        case .host, .opsHost: "127.0.0.1"
        case .port: "5000"
        case .data: "./data"
        case .keys: "./keys"
        case .issuer: "http://localhost:5000"
        case .audience, .allowedOrigins, .trustedProxies: nil
        case .accessTokenTTL: "15m"
        case .refreshTokenTTL: "7d"
        case .sessionTTL: "90d"
        case .refreshReuseWindow: "30s"
        case .statusListFreshness: "15s"
        case .passwordMinimumLength: "8"
        case .auditRetention: "90d"
        case .auditMaximumSize: "256MiB"
        case .keyRotation: "30d"
        case .keyLead: "24h"
        case .jwksMaxAge: "5m"
        case .keysPassphrase, .keysPassphraseFile: nil
        case .logLevel: "info"
        case .opsPort: "5001"
        }
    }

    /// The default as a table shows it.
    package var defaultText: String {
        defaultValue ?? (self == .audience ? "the issuer" : "none")
    }

    /// One line for the help and the README.
    package var summary: String {
        switch self {
        case .host: "Address to listen on."
        case .port: "Port to listen on."
        case .data: "Directory of the store; created when missing."
        case .keys: "Directory of the signing keys and secrets; created when missing."
        case .issuer: "Issuer identifier: the URL under which clients reach this service, `iss` of every token."
        case .audience: "`aud` of access tokens, unless a client asks for another."
        case .accessTokenTTL: "Life of an access token."
        case .refreshTokenTTL: "How long a session may stay unused."
        case .sessionTTL: "How long a session may last, used or not."
        case .refreshReuseWindow:
            "How long the previous refresh token still answers with the current one; a late answer starts it over."
        case .statusListFreshness:
            "How soon services that check status lists refuse a session that has ended; `off` for no status lists."
        case .passwordMinimumLength: "Fewest characters of a new password."
        case .auditRetention: "How long audit records are kept."
        case .auditMaximumSize: "Size beyond which the oldest audit records are removed."
        case .allowedOrigins: "Web origins, beside the issuer's own, whose pages may use the API and its cookie."
        case .trustedProxies: "Addresses and ranges of proxies whose `X-Forwarded-For` is believed."
        case .keyRotation: "How long a signing key signs before the next one does; `off` for by command only."
        case .keyLead: "How long a new signing key is published before it signs."
        case .jwksMaxAge: "How long verifiers may keep the published keys."
        case .keysPassphrase: "Passphrase of the keys' files; better in a file."
        case .keysPassphraseFile: "File whose first line is the passphrase of the keys' files."
        case .logLevel: "Least severe level that is logged."
        case .opsHost: "Address of the operations listener (health, metrics)."
        case .opsPort: "Port of the operations listener."
        }
    }

    /// A value that would be accepted, for the message about one that was not.
    package var example: String {
        switch self {
        case .host, .opsHost: "0.0.0.0"
        case .port: "8080"
        case .data: "/var/lib/signet"
        case .keys: "/etc/signet/keys"
        case .issuer: "https://id.example.com"
        case .audience: "https://api.example.com"
        case .accessTokenTTL: "10m"
        case .refreshTokenTTL: "14d"
        case .sessionTTL: "180d"
        case .refreshReuseWindow: "10s"
        case .statusListFreshness: "30s"
        case .passwordMinimumLength: "12"
        case .auditRetention: "365d"
        case .auditMaximumSize: "4GiB"
        case .allowedOrigins: "https://app.example.com,https://admin.example.com"
        case .trustedProxies: "127.0.0.1,10.0.0.0/8"
        case .keyRotation: "90d"
        case .keyLead: "48h"
        case .jwksMaxAge: "10m"
        case .keysPassphrase: "..."
        case .keysPassphraseFile: "/run/secrets/signet-keys"
        case .logLevel: "debug"
        case .opsPort: "9090"
        }
    }

    /// What the help calls the value: `duration`, `url`, …
    package var valueName: String {
        switch self {
        case .host, .opsHost: "address"
        case .port, .opsPort: "port"
        case .data, .keys: "directory"
        case .issuer: "url"
        case .audience: "text"
        case .accessTokenTTL, .refreshTokenTTL, .sessionTTL, .refreshReuseWindow, .statusListFreshness, .auditRetention:
            "duration"
        case .auditMaximumSize: "size"
        case .keyRotation, .keyLead, .jwksMaxAge: "duration"
        case .keysPassphrase: "text"
        case .keysPassphraseFile: "file"
        case .passwordMinimumLength: "number"
        case .allowedOrigins: "origins"
        case .trustedProxies: "addresses"
        case .logLevel: "level"
        }
    }
}
