import Logging
import SignetAPI
import SignetIssuer
package import SignetKeyring

/// Reads settings one at a time, so that a command checks only the settings that it uses.
package struct SettingReader: Sendable {
    private let value: @Sendable (Setting) -> SettingValue?

    /// Creates a reader of settings.
    /// - Parameter value: returns the value of a setting; `nil` if the setting is not set.
    package init(_ value: @escaping @Sendable (Setting) -> SettingValue?) {
        self.value = value
    }

    /// The directory of the store, from `SIGNET_DATA`.
    package func dataDirectory() throws(SettingError) -> String { try text(.data) }

    /// The directory of the keys, from `SIGNET_KEYS`.
    package func keysDirectory() throws(SettingError) -> String { try text(.keys) }

    /// The passphrase of the key files, from `SIGNET_KEYS_PASSPHRASE` or `SIGNET_KEYS_PASSPHRASE_FILE`; `nil` if
    /// neither is set.
    package func keysPassphrase() throws(SettingError) -> PassphraseSource? {
        let text = try optionalText(.keysPassphrase)
        let file = try optionalText(.keysPassphraseFile)
        switch (text, file) {
        case (nil, nil): return nil
        case (let text?, nil): return .text(text)
        case (nil, let file?): return .file(file)
        case (_?, _?):
            throw error(
                .keysPassphraseFile, "and \(Setting.keysPassphrase.environmentName) are both set; set only one of them")
        }
    }

    /// The minimum length of a new password in characters, from `SIGNET_PASSWORD_MIN_LENGTH`.
    package func passwordMinimumLength() throws(SettingError) -> Int {
        try integer(.passwordMinimumLength, in: IssuerConfiguration.passwordMinimumLengths)
    }

    /// An error about the value of `setting`.
    /// - Parameters:
    ///   - fault: what is wrong, as the end of a sentence that begins with the setting's name.
    ///   - example: a valid assignment to show to the operator; `nil` to show ``Setting/example``.
    func error(_ setting: Setting, _ fault: String, example: String? = nil) -> SettingError {
        SettingError(setting, fault, example: example, file: value(setting)?.file)
    }

    /// The value of a setting as text, or the default value if the setting is not set; `nil` if there is no default
    /// value.
    func optionalText(_ setting: Setting) throws(SettingError) -> String? {
        guard let value = value(setting)?.text else { return setting.defaultValue }
        guard !value.isEmpty else { throw error(setting, "is empty") }
        guard value.utf8.count <= 4096 else { throw error(setting, "is longer than 4096 bytes") }
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw error(setting, "contains a control character") }
        return value
    }

    /// The value of a setting as text. The setting must have a default value.
    func text(_ setting: Setting) throws(SettingError) -> String {
        guard let value = try optionalText(setting) else { throw error(setting, "is not set") }
        return value
    }

    func integer(_ setting: Setting, in range: ClosedRange<Int>) throws(SettingError) -> Int {
        let value = try text(setting)
        guard let number = Int(value), range.contains(number), value.utf8.first != UInt8(ascii: "+") else {
            throw error(
                setting, "is \"\(value)\"; expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func duration(_ setting: Setting, in range: ClosedRange<Duration>) throws(SettingError) -> Duration {
        let value = try text(setting)
        guard let duration = DurationText.parse(value) else {
            throw error(setting, "is \"\(value)\"; expected a whole number and a unit: s, m, h or d")
        }
        guard range.contains(duration) else {
            throw error(
                setting,
                "is \"\(value)\"; expected a duration from \(DurationText.text(range.lowerBound)) "
                    + "to \(DurationText.text(range.upperBound))")
        }
        return duration
    }

    /// The duration of a setting that can be turned off; `nil` if its value is `off`.
    func optionalDuration(_ setting: Setting, in range: ClosedRange<Duration>) throws(SettingError) -> Duration? {
        try text(setting) == "off" ? nil : try duration(setting, in: range)
    }

    /// The size of a setting in bytes.
    /// - Parameter range: the sizes that are allowed, in bytes.
    func size(_ setting: Setting, in range: ClosedRange<Int>) throws(SettingError) -> Int {
        let value = try text(setting)
        guard let size = SizeText.parse(value) else {
            throw error(setting, "is \"\(value)\"; expected a whole number and a unit: KiB, MiB or GiB")
        }
        guard range.contains(size) else {
            throw error(
                setting,
                "is \"\(value)\"; expected a size from \(SizeText.text(range.lowerBound)) "
                    + "to \(SizeText.text(range.upperBound))")
        }
        return size
    }

    func onOff(_ setting: Setting) throws(SettingError) -> Bool {
        let value = try text(setting)
        switch value {
        case "on": return true
        case "off": return false
        default: throw error(setting, "is \"\(value)\"; expected on or off")
        }
    }

    func logLevel(_ setting: Setting) throws(SettingError) -> Logger.Level {
        let value = try text(setting)
        guard let level = Logger.Level(rawValue: value.lowercased()) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(setting, "is \"\(value)\"; expected one of \(levels)")
        }
        return level
    }

    /// The items of a list, separated by commas or spaces; empty if the setting is not set.
    /// - Parameters:
    ///   - expected: describes valid items in error messages.
    ///   - read: parses one item; `nil` if the item is invalid.
    func list<Item>(
        _ setting: Setting, of expected: String, _ read: (String) -> Item?
    ) throws(SettingError) -> [Item] {
        guard let value = try optionalText(setting) else { return [] }
        var items: [Item] = []
        for text in value.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let item = read(String(text)) else {
                throw error(setting, "contains \"\(text)\"; expected \(expected)")
            }
            items.append(item)
        }
        guard !items.isEmpty else { throw error(setting, "is empty") }
        return items
    }

    /// The audiences, beside the issuer's own, that a login may request, from `SIGNET_LOGIN_AUDIENCES`: at most 64.
    func loginAudiences() throws(SettingError) -> [String] {
        let expected =
            "plain names or absolute URIs without fragment, of at most \(Audience.maximumLength) URI characters each"
        let names = try list(.loginAudiences, of: expected) { Audience.isName($0) ? $0 : nil }
        guard names.count <= 64 else {
            throw error(.loginAudiences, "has \(names.count) audiences; expected at most 64")
        }
        return names
    }

    /// The scope values, beside `account`, that a login may request, from `SIGNET_LOGIN_SCOPES`. One login can request
    /// all of them.
    func loginScopes() throws(SettingError) -> [String] {
        let values = try list(.loginScopes, of: "printable ASCII without quotation marks and backslashes") { text in
            Scope.isValue(text) ? text : nil
        }
        let everything = ([FirstParty.scope] + values).joined(separator: " ")
        guard values.count < 64, everything.utf8.count <= Scope.maximumLength else {
            throw error(
                .loginScopes,
                "is too long; expected at most 63 values that have, together with \(FirstParty.scope), "
                    + "\(Scope.maximumLength) characters")
        }
        return values
    }

    /// An issuer identifier (RFC 8414 section 2). Unlike in the RFC, the scheme may be `http`, for tests without a
    /// certificate.
    func issuerIdentifier(_ setting: Setting) throws(SettingError) -> String {
        let value = try text(setting)
        guard IssuerIdentifier(value) != nil else {
            throw error(
                setting,
                "is \"\(value)\"; expected an absolute https (or http) URL without user, query, fragment or "
                    + "trailing slash")
        }
        return value
    }
}

/// The text of a setting, as the operator wrote it.
package struct SettingValue: Sendable {
    let text: String
    /// The file that the text is from, to name it in errors; `nil` for a flag or an environment variable.
    let file: String?

    package init(_ text: String, file: String? = nil) {
        self.text = text
        self.file = file
    }
}

/// The passphrase of the key files, or the file that holds it.
package enum PassphraseSource: Sendable {
    /// The passphrase itself.
    case text(String)
    /// The path of a file whose first line is the passphrase.
    case file(String)

    /// Returns the passphrase. Reads it from its file in the case ``file(_:)``.
    /// - Parameter directory: the directory of the keys. The passphrase file must not be inside it.
    /// - Throws: `passphraseUnusable` if the passphrase is not one line of 8 to 1024 bytes or the file is inside
    ///   `directory`; `inaccessible` if the file cannot be read; `insecureMode` if other users may read it; `corrupt`
    ///   if it is larger than 256 KiB.
    package func passphrase(outside directory: String) throws(KeyringError) -> Passphrase {
        switch self {
        case .text(let text): try Passphrase(text)
        case .file(let file): try Passphrase(file: file, outside: directory)
        }
    }
}

/// A setting whose value cannot be used.
package struct SettingError: Error, Equatable, Sendable, CustomStringConvertible {
    package let setting: Setting
    /// What is wrong with the value and what is expected, as the end of a sentence that begins with the setting's name;
    /// for example `is empty`.
    package let fault: String
    /// A valid assignment, such as `SIGNET_KEY_LEAD=48h`, to show to the operator.
    package let example: String
    /// The file that the value comes from; `nil` if the value comes from a flag, the environment or the default.
    package let file: String?

    /// Creates an error.
    /// - Parameters:
    ///   - fault: what is wrong, as the end of a sentence that begins with the setting's name.
    ///   - example: a valid assignment to show to the operator; `nil` to show ``Setting/example``.
    ///   - file: the file that the value comes from, if any.
    package init(_ setting: Setting, _ fault: String, example: String? = nil, file: String? = nil) {
        self.setting = setting
        self.fault = fault
        self.example = example ?? "\(setting.environmentName)=\(setting.example)"
        self.file = file
    }

    package var description: String {
        let prefix = file.map { "\($0): " } ?? ""
        guard setting.hasFlag else { return "\(prefix)\(setting.environmentName) \(fault)" }
        return "\(prefix)\(setting.environmentName) (--\(setting.flag)) \(fault); for example: \(example)"
    }
}
