/// An untrusted text that is safe to print: one line of limited length, without control characters and without
/// characters that change the reading direction.
package struct PrintableText: Sendable, Hashable {
    package let text: String

    /// Replaces unprintable characters by spaces and merges adjacent spaces. Returns `nil` if nothing else remains.
    ///
    /// - Parameter maximumScalars: The maximum length in Unicode scalars. A longer text is cut.
    package init?(_ text: String, maximumScalars: Int = 500) {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            shown.append(Self.isPrintable(scalar) ? scalar : " ")
        }
        let line = String(shown).split(separator: " ").joined(separator: " ")
        guard !line.isEmpty else { return nil }
        let isLong = line.unicodeScalars.count > maximumScalars
        self.text = isLong ? String(line.unicodeScalars.prefix(maximumScalars - 1)) + "…" : line
    }

    /// `text` for a log: made printable, cut to 200 Unicode scalars, and put in quotation marks.
    package static func quoted(_ text: String) -> String {
        "\"\(PrintableText(text, maximumScalars: 200)?.text ?? "")\""
    }

    /// Lists `names` for a log: the first five in quotation marks, then the number of the remaining names. Returns the
    /// text `none` if `names` is empty.
    package static func quoted(_ names: some Collection<String>) -> String {
        guard !names.isEmpty else { return "none" }
        let shown = names.prefix(5).map { quoted($0) }.joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
