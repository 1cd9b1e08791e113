/// A text that came over the network, fit to be shown to a person on any screen: one line, nothing that steers a
/// terminal or turns the direction of reading, and not long.
struct PrintableText: Sendable, Hashable {
    /// Most Unicode scalars: 500; of a longer text the beginning is kept.
    static let maximumScalars = 500

    let text: String

    /// Makes `text` fit; `nil` when nothing is left of it.
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
