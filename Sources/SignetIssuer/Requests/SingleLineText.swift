// Rules for the characters of a single-line text, such as a name, a device or an address.

extension String {
    /// Returns the text without the Unicode white space at both ends.
    func trimmingWhiteSpace() -> String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}

extension Unicode.Scalar {
    /// `true` if the character could break a line or reorder the text around it. Such a character is a control
    /// character, a line or paragraph separator, or a bidirectional embedding, override or isolate.
    var breaksALine: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: ("\u{202A}"..."\u{202E}").contains(self) || ("\u{2066}"..."\u{2069}").contains(self)
        }
    }

    /// `true` if a text that consists of this character alone looks empty.
    var isInvisible: Bool {
        properties.generalCategory == .format || properties.isDefaultIgnorableCodePoint || properties.isWhitespace
    }
}
