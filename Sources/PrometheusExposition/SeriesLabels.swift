/// The labels that tell a metric's series apart, as the exposition writes them.
///
/// Values may be anything: they are escaped, and cut off behind ``longestValue`` bytes. Of two labels with one name the
/// first stays. The order in which labels are given does not matter.
struct SeriesLabels: Sendable, Hashable, Comparable {
    /// Most UTF-8 bytes of a value.
    static let longestValue = 128

    /// `name="value"` and so on, without braces; empty for no labels.
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
