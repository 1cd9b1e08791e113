extension Unicode.Scalar {
    /// Whether it does not belong into a text of one line: a control character, a separator of lines or paragraphs, or a
    /// bidirectional embedding, override or isolate, which reorders the text around it wherever it is printed.
    var breaksALine: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: ("\u{202A}"..."\u{202E}").contains(self) || ("\u{2066}"..."\u{2069}").contains(self)
        }
    }

    /// Whether nothing shows where it stands alone.
    var isInvisible: Bool {
        properties.generalCategory == .format || properties.isDefaultIgnorableCodePoint || properties.isWhitespace
    }
}

extension String {
    /// Without the Unicode white space at both ends.
    func trimmingWhiteSpace() -> String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
