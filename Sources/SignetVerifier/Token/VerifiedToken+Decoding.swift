import JOSE

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension VerifiedToken {
    /// The claims as the caller's own type. A property of type `Date` or ``NumericDate`` takes a NumericDate.
    ///
    /// The payload has passed the strict reader before, so no object names a member twice, byte for byte. Swift's decoding
    /// finds members by `String`, for which spellings that Unicode calls canonically equivalent are the same name: the
    /// Kelvin sign is a `K`. ``subscript(_:)`` and the policy go by the bytes. Where two members of one object differ in such a
    /// way alone, decoding would take one of them and drop the other, and the payload is refused instead.
    ///
    /// - Throws: `DecodingError` when the claims do not fit `type`, or when an object has two names that are equivalent.
    public func decode<Claims: Decodable>(as type: Claims.Type = Claims.self) throws -> Claims {
        guard JSONValue.object(claims).namesAreDistinctStrings else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "two members of an object have canonically equivalent names"))
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        return try decoder.decode(type, from: Data(payload))
    }
}

extension JSONValue {
    /// Whether no object in it has two names that are the same `String`. It nests no deeper than the strict reader allows.
    fileprivate var namesAreDistinctStrings: Bool {
        switch self {
        case .object(let object):
            Set(object.members.map(\.name)).count == object.count
                && object.members.allSatisfy { $0.value.namesAreDistinctStrings }
        case .array(let values): values.allSatisfy(\.namesAreDistinctStrings)
        default: true
        }
    }
}
