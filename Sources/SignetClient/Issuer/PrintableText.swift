/// A text from the network made safe to print: one line of limited length, without control characters and without
/// characters that change the reading direction.
struct PrintableText: Sendable, Hashable {
    /// The maximum length in Unicode scalars. A longer text is cut.
    static let maximumScalars = 500

    let text: String

    /// Replaces unprintable characters by spaces; `nil` if nothing printable is left.
    init?(_ text: String) {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            shown.append(Self.isPrintable(scalar) ? scalar : " ")
        }
        let line = String(shown).split(separator: " ").joined(separator: " ")
        guard !line.isEmpty else { return nil }
        let isLong = line.unicodeScalars.count > Self.maximumScalars
        self.text = isLong ? String(line.unicodeScalars.prefix(Self.maximumScalars - 1)) + "…" : line
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
