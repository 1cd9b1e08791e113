import Foundation

/// The numbers of an RSA key in a JWK set that this program trusts.
struct PublicNumbers: Decodable {
    struct Document: Decodable {
        let keys: [PublicNumbers]
    }

    let n: String
    let e: String

    /// The bytes of base64url text.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let standard = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        let padding = String(repeating: "=", count: (4 - standard.count % 4) % 4)
        return Data(base64Encoded: String(standard) + padding).map { [UInt8]($0) }
    }
}
