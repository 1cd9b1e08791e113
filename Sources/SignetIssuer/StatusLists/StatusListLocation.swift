import JOSE
import SignetStore

/// Where the status lists of an issuer are served.
struct StatusListLocation: Sendable {
    /// Behind the issuer identifier.
    static let path = "/.well-known/status-lists/"

    let issuer: String

    /// The URL of a list: what tokens name and its own `sub`.
    func url(of list: Int) -> String { "\(issuer)\(Self.path)\(list)" }

    /// The `status` claim of a token (draft-ietf-oauth-status-list, section 6.2).
    func reference(to index: StatusListIndex) -> JSONValue {
        .object([
            "status_list": .object([
                "idx": .integer(Int64(index.offset)), "uri": .string(url(of: index.list)),
            ])
        ])
    }
}
