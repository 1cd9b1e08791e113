extension String {
    /// Whether both are the same bytes of UTF-8. (`==` also takes canonically equivalent spellings for equal, which is
    /// not what RFC 7515 §5.3 and RFC 8259 §8.3 mean by comparing names and identifiers.)
    package func isExactly(_ other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }

    /// Feeds the bytes to `hasher`. The standard hash is the same for spellings that Unicode calls equivalent, so whoever
    /// chooses strings that differ by bytes alone could make every one of them collide.
    func hashBytes(into hasher: inout Hasher) {
        for byte in utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xFF))
    }
}
