import JOSE
import SignetStore

/// Where a page of sessions begins, as a text that callers hand back and need not understand.
struct SessionCursor: Equatable {
    let position: FamilyID

    init(_ position: FamilyID) { self.position = position }

    /// Reads what ``text`` wrote; `nil` for anything else.
    init?(_ text: String) {
        guard text.utf8.count == 22, let bytes = Base64URL.decode(text.utf8), let position = FamilyID(bytes: bytes.span)
        else { return nil }
        self.position = position
    }

    var text: String { Base64URL.encode(position.bytes) }
}
