/// Names as Prometheus allows them: whatever else is in a name becomes an underscore.
enum MetricName {
    /// A metric's name: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    static func metric(_ text: String) -> String { allowed(text, colon: true) }

    /// A label's name: `[a-zA-Z_][a-zA-Z0-9_]*`, and none of those that Prometheus keeps for itself.
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
