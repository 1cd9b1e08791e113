import Configuration
import Logging
import SignetIssuer

/// Reads one setting at a time and says what is wrong with it in the operator's words.
struct SettingReader {
    let reader: ConfigReader

    /// The text of a setting, or `nil` when it is not set and has no default.
    func optionalText(_ setting: Setting) throws(SettingError) -> String? {
        guard let value = reader.string(forKey: ConfigKey(setting.configurationKey)) else {
            return setting.defaultValue
        }
        guard !value.isEmpty else { throw SettingError(setting, "is empty") }
        guard value.utf8.count <= 4096, value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw SettingError(setting, "is longer than 4096 bytes or has control characters") }
        return value
    }

    /// The text of a setting that has a default.
    func text(_ setting: Setting) throws(SettingError) -> String {
        guard let value = try optionalText(setting) else { throw SettingError(setting, "is not set") }
        return value
    }

    func integer(_ setting: Setting, in range: ClosedRange<Int>) throws(SettingError) -> Int {
        let value = try text(setting)
        guard let number = Int(value), range.contains(number), value.utf8.first != UInt8(ascii: "+") else {
            throw SettingError(
                setting, "is \"\(value)\"; expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func duration(_ setting: Setting, in range: ClosedRange<Duration>) throws(SettingError) -> Duration {
        let value = try text(setting)
        guard let duration = DurationText.parse(value) else {
            throw SettingError(setting, "is \"\(value)\"; expected a whole number and a unit, s, m, h or d")
        }
        guard range.contains(duration) else {
            throw SettingError(
                setting,
                "is \"\(value)\"; expected from \(range.lowerBound.components.seconds)s "
                    + "to \(range.upperBound.components.seconds)s")
        }
        return duration
    }

    /// - Parameter range: in bytes.
    func size(_ setting: Setting, in range: ClosedRange<Int>) throws(SettingError) -> Int {
        let value = try text(setting)
        guard let size = SizeText.parse(value) else {
            throw SettingError(setting, "is \"\(value)\"; expected a whole number and a unit, KiB, MiB or GiB")
        }
        guard range.contains(size) else {
            throw SettingError(
                setting,
                "is \"\(value)\"; expected from \(SizeText.text(range.lowerBound)) to \(SizeText.text(range.upperBound))"
            )
        }
        return size
    }

    func logLevel(_ setting: Setting) throws(SettingError) -> Logger.Level {
        let value = try text(setting)
        guard let level = Logger.Level(rawValue: value.lowercased()) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingError(setting, "is \"\(value)\"; expected one of \(levels)")
        }
        return level
    }

    /// The items of a list, separated by commas or spaces; none when it is not set.
    func list<Item>(
        _ setting: Setting, of expected: String, _ read: (String) -> Item?
    ) throws(SettingError) -> [Item] {
        guard let value = try optionalText(setting) else { return [] }
        var items: [Item] = []
        for text in value.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let item = read(String(text)) else {
                throw SettingError(setting, "has \"\(text)\"; expected \(expected)")
            }
            items.append(item)
        }
        guard !items.isEmpty else { throw SettingError(setting, "is empty") }
        return items
    }

    /// An issuer identifier as RFC 8414 section 2 wants it, with `http` allowed so that a first try needs no certificate.
    func issuerIdentifier(_ setting: Setting) throws(SettingError) -> String {
        let value = try text(setting)
        guard IssuerIdentifier(value) != nil else {
            throw SettingError(
                setting,
                "is \"\(value)\"; expected an absolute https (or http) URL without user, query, fragment or "
                    + "trailing slash")
        }
        return value
    }
}
