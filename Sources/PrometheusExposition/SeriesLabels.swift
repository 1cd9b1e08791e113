/// The labels of one series, sorted by name and escaped for the exposition.
///
/// If two labels have the same name, the first is kept.
struct SeriesLabels: Sendable, Hashable, Comparable {
    /// The maximum length of a label value in UTF-8 bytes. A longer value is cut off.
    static let longestValue = 128

    /// The labels as `name="value"` pairs separated by commas, without braces; empty if there are no labels.
    let text: String

    init(_ dimensions: [(String, String)]) {
        var values: [String: String] = [:]
        for (name, value) in dimensions {
            let name = MetricName.label(name)
            if values[name] == nil { values[name] = Self.escaped(value) }
        }
        text = values.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",")
    }

    static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    private static func escaped(_ value: String) -> String {
        let bounded =
            value.utf8.count > longestValue ? String(decoding: value.utf8.prefix(longestValue), as: UTF8.self) : value
        var text = ""
        for scalar in bounded.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

/// Converts any text to a name that Prometheus allows: replaces each character that is not allowed by an underscore,
/// and puts an underscore before a leading digit.
enum MetricName {
    /// Makes a metric name: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    static func metric(_ text: String) -> String { allowed(text, colon: true) }

    /// Makes a label name: `[a-zA-Z_][a-zA-Z0-9_]*`. A name that Prometheus reserves, such as `le`, gets the prefix
    /// `exported_`.
    static func label(_ text: String) -> String {
        let name = allowed(text, colon: false)
        return name.hasPrefix("__") || name == "le" || name == "quantile" ? "exported_\(name)" : name
    }

    private static func allowed(_ text: String, colon: Bool) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": name.unicodeScalars.append(scalar)
            case "0"..."9":
                if name.isEmpty { name = "_" }
                name.unicodeScalars.append(scalar)
            case ":" where colon: name.unicodeScalars.append(scalar)
            default: name += "_"
            }
        }
        return name.isEmpty ? "_" : name
    }
}
