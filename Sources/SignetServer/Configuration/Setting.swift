// Code in this folder describes the settings and reads their values for `serve` and the commands. It must not open a
// socket, the store or a key file.

/// A setting of the service. The flags, environment variables, help, error messages and the README's table of settings
/// are made from this type.
package enum Setting: String, CaseIterable, Sendable {
    case host
    case port
    case data
    case keys
    case issuer
    case audience
    case loginAudiences = "login-audiences"
    case loginScopes = "login-scopes"
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
    case fastLane = "fast-lane"

    /// The setting's command-line flag without the dashes, for example `access-token-ttl`.
    package var flag: String { rawValue }

    /// Whether the setting has a command-line flag. The passphrase has none, because every user of the machine can read
    /// the command lines of processes.
    package var hasFlag: Bool { self != .keysPassphrase }

    /// The prefix of every environment variable that Signet reads.
    package static let environmentPrefix = "SIGNET_"

    /// The name of the setting's environment variable, for example `SIGNET_ACCESS_TOKEN_TTL`.
    package var environmentName: String {
        Self.environmentPrefix + rawValue.uppercased().split(separator: "-").joined(separator: "_")
    }

    /// The value that is used if the setting is not set; `nil` if there is no such value, or if it depends on another
    /// setting (see ``defaultText``).
    package var defaultValue: String? {
        switch self {
        case .host, .opsHost: "127.0.0.1"
        case .port: "5000"
        case .data: "./data"
        case .keys: "./keys"
        case .issuer: "http://localhost:5000"
        case .audience, .loginAudiences, .loginScopes, .allowedOrigins, .trustedProxies: nil
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
        case .fastLane: "on"
        }
    }

    /// The default as shown in the help and the README: the default value, `the issuer` or `none`.
    package var defaultText: String {
        defaultValue ?? (self == .audience ? "the issuer" : "none")
    }

    /// One line that explains the setting, for the help and the README.
    package var summary: String {
        switch self {
        case .host: "Address that the API listens on."
        case .port: "Port that the API listens on."
        case .data: "Directory of the store: accounts, sessions, clients and audit log. Created if missing."
        case .keys: "Directory of the signing keys and refresh token HMAC keys. Created if missing."
        case .issuer:
            "Issuer identifier: the URL at which clients reach this service, and the `iss` claim of every token."
        case .audience: "`aud` claim of access tokens, unless the request names another audience."
        case .loginAudiences: "Audiences that a login may request, in addition to `SIGNET_AUDIENCE`."
        case .loginScopes: "Scope values that a login may request, in addition to `account`."
        case .accessTokenTTL: "Lifetime of an access token."
        case .refreshTokenTTL: "Idle lifetime of a session. A session that is not refreshed for this long ends."
        case .sessionTTL: "Maximum lifetime of a session, even if it is refreshed regularly."
        case .refreshReuseWindow:
            """
            Time after a refresh in which the previous refresh token gets the current one again, if the current one \
            has not been used.
            """
        case .statusListFreshness:
            """
            Longest time for which services that check status lists still accept an ended session; `off` disables status \
            lists.
            """
        case .passwordMinimumLength: "Minimum length of a new password, in characters."
        case .auditRetention: "Age at which audit records are deleted."
        case .auditMaximumSize: "Maximum size of the audit log. Beyond it, the oldest records are deleted."
        case .allowedOrigins:
            "Web origins whose pages may call the API and use its cookie, in addition to the issuer's own."
        case .trustedProxies: "Addresses and address ranges of proxies whose `X-Forwarded-For` header is trusted."
        case .keyRotation:
            "Interval between rotations of the signing key; `off` disables automatic rotation."
        case .keyLead: "Minimum time between the publication of a new signing key and its activation."
        case .jwksMaxAge: "Maximum time that verifiers may cache the published keys."
        case .keysPassphrase: "Passphrase that encrypts the key files. Prefer `SIGNET_KEYS_PASSPHRASE_FILE`."
        case .keysPassphraseFile: "File whose first line is the passphrase that encrypts the key files."
        case .logLevel: "Minimum severity of log messages: trace, debug, info, notice, warning, error or critical."
        case .opsHost: "Address of the operations listener (health and metrics)."
        case .opsPort: "Port of the operations listener (health and metrics)."
        case .fastLane:
            """
            `on` answers common requests faster, without the HTTP framework; `off` sends every request through the \
            framework. The answers are the same.
            """
        }
    }

    /// A valid value. The error message about an invalid value shows it as an example.
    package var example: String {
        switch self {
        case .host, .opsHost: "0.0.0.0"
        case .port: "8080"
        case .data: "/var/lib/signet"
        case .keys: "/etc/signet/keys"
        case .issuer: "https://id.example.com"
        case .audience: "https://api.example.com"
        case .loginAudiences: "https://orders.example.com,stock"
        case .loginScopes: "orders:read,orders:write"
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
        case .fastLane: "off"
        }
    }

    /// The placeholder of the value in the help: `duration`, `url`, …
    package var valueName: String {
        switch self {
        case .host, .opsHost: "address"
        case .port, .opsPort: "port"
        case .data, .keys: "directory"
        case .issuer: "url"
        case .audience: "text"
        case .loginAudiences: "audiences"
        case .loginScopes: "scopes"
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
        case .fastLane: "on|off"
        }
    }
}
