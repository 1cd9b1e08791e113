import JOSE
package import SignetStore

/// The text form of a refresh token, taken apart: `srt_` and 54 bytes in base64url.
///
/// The bytes are version 1 ‖ secret id 1 ‖ family id 16 ‖ generation 4, most significant first ‖ tag 32.
package struct RefreshToken: Hashable, Sendable {
    static let prefix = "srt_"
    static let version: UInt8 = 1
    static let tagLength = 32
    /// Bytes of every token of this version in its text form.
    static let textLength = prefix.utf8.count + 72

    /// Which server secret made the tag.
    package let secretID: UInt8
    package let familyID: FamilyID
    package let generation: UInt32
    package let tag: [UInt8]

    init(secretID: UInt8, familyID: FamilyID, generation: UInt32, tag: [UInt8]) {
        self.secretID = secretID
        self.familyID = familyID
        self.generation = generation
        self.tag = tag
    }

    /// Reads the one text form that a token has; `nil` for any other text, of which only the length is looked at
    /// unless it fits. Says nothing about the tag.
    package init?(_ text: String) {
        let utf8 = text.utf8
        guard utf8.count == Self.textLength, utf8.starts(with: Self.prefix.utf8),
            let bytes = Base64URL.decode(text.utf8Span.span.extracting(droppingFirst: Self.prefix.utf8.count)),
            bytes.count == 22 + Self.tagLength, bytes[0] == Self.version,
            let familyID = FamilyID(bytes: bytes.span.extracting(2..<18)),
            let generation = UInt32(bigEndianBytes: bytes.span.extracting(18..<22))
        else { return nil }
        secretID = bytes[1]
        self.familyID = familyID
        self.generation = generation
        tag = Array(bytes[22...])
    }

    /// Stands in for a text that is no token; genuine for no family.
    static var placeholder: RefreshToken {
        RefreshToken(
            secretID: 0, familyID: FamilyID(high: 0, low: 0), generation: 0,
            tag: [UInt8](repeating: 0, count: tagLength))
    }

    /// The text form.
    package var text: String {
        let bytes = [Self.version, secretID] + familyID.bytes + generation.bigEndianBytes + tag
        return Self.prefix + Base64URL.encode(bytes)
    }
}
