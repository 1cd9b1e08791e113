package import SignetKeyring

/// Where the passphrase of the keys' files comes from.
package enum PassphraseSource: Sendable {
    /// The passphrase itself.
    case text(String)
    /// The first line of a file.
    case file(String)

    /// `nil` when neither setting is given.
    init?(reading values: SettingReader) throws(SettingError) {
        let text = try values.optionalText(.keysPassphrase)
        let file = try values.optionalText(.keysPassphraseFile)
        switch (text, file) {
        case (nil, nil): return nil
        case (let text?, nil): self = .text(text)
        case (nil, let file?): self = .file(file)
        case (_?, _?):
            throw SettingError(
                .keysPassphraseFile, "and \(Setting.keysPassphrase.environmentName) are both set; one of them is enough"
            )
        }
    }

    /// Reads it, to open the keys of `directory`.
    /// - Throws: `passphraseUnusable`, also for a file that lies in that directory; `inaccessible`, `insecureMode`.
    package func passphrase(outside directory: String) throws(KeyringError) -> Passphrase {
        switch self {
        case .text(let text): try Passphrase(text)
        case .file(let file): try Passphrase(file: file, outside: directory)
        }
    }
}
