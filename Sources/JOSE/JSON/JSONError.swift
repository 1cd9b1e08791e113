/// Why a JSON text was refused (RFC 8259, read strictly).
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The text has more bytes than the reader was told to accept.
        case tooLarge
        /// The text ends inside a value, or is empty.
        case unexpectedEnd
        /// A byte stands where the grammar allows none like it: comments, trailing commas, `NaN`, a byte order mark.
        case unexpectedByte
        /// Something other than whitespace follows the value.
        case trailingBytes
        /// Arrays and objects are nested deeper than the reader was told to follow.
        case tooDeep
        /// A name appears twice in one object, compared after unescaping.
        case duplicateMember
        /// A string holds bytes that are not UTF-8 (RFC 3629): overlong, surrogate, beyond U+10FFFF, cut short.
        case invalidUTF8
        /// A string holds an unescaped control character (below U+0020).
        case controlCharacter
        /// A backslash is followed by something that is no escape.
        case invalidEscape
        /// An escaped surrogate has no partner.
        case loneSurrogate
        /// A number is not spelled as RFC 8259 §6 wants it: leading zeros, a bare point, a plus sign.
        case invalidNumber
        /// An integer beyond 64 bits, a number beyond a finite double, or more than 128 characters for one.
        case numberOutOfRange
        /// The text is good JSON of the wrong kind: an object was expected.
        case notAnObject
    }

    package let code: Code
    /// How many bytes into the text the fault lies.
    package let offset: Int

    package init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    package var description: String { "JSON error \(code.rawValue) at byte \(offset)" }
}
