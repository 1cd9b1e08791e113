#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension VerifiedToken {
    /// The claims as the caller's own type. A property of type `Date` or ``NumericDate`` takes a NumericDate.
    ///
    /// The payload has passed the strict reader before, so this decoder cannot see anything that the checks did not.
    ///
    /// - Throws: `DecodingError` when the claims do not fit `type`.
    public func decode<Claims: Decodable>(as type: Claims.Type = Claims.self) throws -> Claims {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        return try decoder.decode(type, from: Data(payload))
    }
}
