// This folder reads and writes public keys as JSON (RFC 7517). Its types never store private key members.

/// A JWK Set (RFC 7517 §5), reduced to the keys that can verify RS256 signatures.
package struct JWKSet: Sendable, Equatable {
    /// The largest accepted document in bytes.
    package static let maximumCount = 256 * 1024
    /// The most keys that a document may list, including keys that are skipped.
    package static let maximumKeyCount = 64

    /// An entry of a JWK Set document that cannot be used, and the reason.
    package struct SkippedKey: Sendable, Equatable {
        /// The position of the entry in the document's `keys` array, counted from zero.
        package let index: Int
        package let reason: JWKError
    }

    /// The usable keys in document order. Several keys may have the same `kid`; a verifier tries all of them.
    package let keys: [RSAJWK]
    /// The entries of the document that are not in ``keys``, because they are malformed or have another key type or
    /// purpose.
    package let skippedKeys: [SkippedKey]

    package init(keys: [RSAJWK]) {
        self.keys = keys
        skippedKeys = []
    }

    /// Reads a JWK Set document.
    ///
    /// The document must be strict JSON of at most ``maximumCount`` bytes: an object whose `keys` is an array of at
    /// most ``maximumKeyCount`` entries. Unusable entries are skipped (RFC 7517 §5).
    package init(parsing document: [UInt8]) throws(JWKError) {
        var work = 0
        try self.init(parsing: document, work: &work)
    }

    /// Reads a document as ``init(parsing:)`` does, and counts the steps.
    ///
    /// - Parameter work: A counter. The steps of JSON reading, member lookup and base64url decoding are added to it,
    ///   even if the document is refused.
    package init(parsing document: [UInt8], work: inout Int) throws(JWKError) {
        guard document.count <= Self.maximumCount else {
            throw JWKError(.tooLarge, "document: expected at most \(Self.maximumCount) bytes")
        }
        let object: JSONObject
        do {
            object = try JSONObject(parsing: document.span, maximumCount: Self.maximumCount, work: &work)
        } catch {
            throw JWKError(.malformedDocument, "document: \(error)")
        }
        work += object.count
        guard let entries = object["keys"]?.array else {
            throw JWKError(.malformedDocument, "keys: expected an array")
        }
        guard entries.count <= Self.maximumKeyCount else {
            throw JWKError(.tooLarge, "keys: expected at most \(Self.maximumKeyCount)")
        }
        var keys: [RSAJWK] = []
        var skippedKeys: [SkippedKey] = []
        for (index, entry) in entries.enumerated() {
            do throws(JWKError) {
                guard let object = entry.object else { throw JWKError(.malformedKey, "key: expected an object") }
                keys.append(try RSAJWK(object, work: &work))
            } catch {
                skippedKeys.append(SkippedKey(index: index, reason: error))
            }
        }
        self.keys = keys
        self.skippedKeys = skippedKeys
    }

    /// The JWK Set document that lists ``keys``.
    package var json: JSONObject {
        ["keys": .array(keys.map { .object($0.json) })]
    }
}

/// The error for a JWK or JWK Set that cannot be used (RFC 7517).
package struct JWKError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The document has too many bytes or too many keys.
        case tooLarge
        /// The document is not strict JSON, or not an object with an array `keys`.
        case malformedDocument
        /// The key type is not RSA.
        case unsupportedType
        /// A member of the key is missing, has the wrong type, or is not canonical.
        case malformedKey
        /// `use`, `key_ops` or `alg` does not allow the key to verify RS256 signatures.
        case notForVerification
    }

    package let code: Code
    /// A text for the operator: the faulty member and what was expected.
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Compares only ``code``.
    package static func == (left: JWKError, right: JWKError) -> Bool { left.code == right.code }

    package var description: String { "JWK error \(code.rawValue): \(detail)" }
}
