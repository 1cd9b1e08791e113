/// A JWK Set (RFC 7517 §5), reduced to the keys that may verify RS256 signatures.
package struct JWKSet: Sendable, Equatable {
    /// The most bytes that a document may have.
    package static let maximumCount = 256 * 1024
    /// The most keys that a document may list, usable or not.
    package static let maximumKeyCount = 64

    /// Why an entry of a document is not among ``JWKSet/keys``.
    package struct SkippedKey: Sendable, Equatable {
        /// Its place in the document, from zero.
        package let index: Int
        package let reason: JWKError
    }

    /// The usable keys in the order of the document. Two may have the same `kid`: a verifier tries both.
    package let keys: [RSAJWK]
    /// The entries left out: of other types, for other purposes, or malformed.
    package let skippedKeys: [SkippedKey]

    package init(keys: [RSAJWK]) {
        self.keys = keys
        skippedKeys = []
    }

    /// Reads a document.
    ///
    /// It must be strict JSON of at most ``maximumCount`` bytes, an object with an array `keys` of at most
    /// ``maximumKeyCount`` entries. Entries that cannot be used are skipped (RFC 7517 §5).
    package init(parsing document: [UInt8]) throws(JWKError) {
        var work = 0
        try self.init(parsing: document, work: &work)
    }

    /// Reads a document; see ``init(parsing:)``.
    ///
    /// - Parameter work: Grows by what was done: by the JSON reader, by looking members up, and by decoding numbers; also
    ///   when the document is refused.
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

    /// The document: an object whose `keys` are ``keys``.
    package var json: JSONObject {
        ["keys": .array(keys.map { .object($0.json) })]
    }
}
