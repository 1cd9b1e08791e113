extension AuditRecord {
    private static let newestVersion: UInt8 = 1

    /// Encodes the record without its sequence number, because the sequence number is the record's key in the store.
    /// - Throws: ``StoreError/Code/invalidRecord`` if a field has more bytes than ``AuditRecord`` allows, if
    ///   `previousHash` does not have 32 bytes, or if `sequence` or `count` is 0.
    package func encoded() throws(StoreError) -> [UInt8] {
        try RecordBounds.check("object", of: "audit", count: object.utf8.count, within: 0...64)
        try RecordBounds.check("address", of: "audit", count: address.utf8.count, within: 0...64)
        try RecordBounds.check("userAgent", of: "audit", count: userAgent.utf8.count, within: 0...200)
        try RecordBounds.check("reason", of: "audit", count: reason.utf8.count, within: 0...32)
        try RecordBounds.check(
            "previousHash", of: "audit", count: previousHash.count, within: AuditLink.hashLength...AuditLink.hashLength)
        guard sequence > 0, count > 0 else {
            throw StoreError(.invalidRecord, "an audit record needs a sequence number and a count of at least 1")
        }
        var encoder = RecordEncoder(version: Self.newestVersion)
        encoder.append(previousHash)
        encoder.append(time)
        encoder.append(type.rawValue)
        actor.append(to: &encoder)
        encoder.append(subject) { $0.append($1) }
        encoder.append(familyID) { $0.append($1) }
        encoder.append(object)
        encoder.append(address)
        encoder.append(userAgent)
        encoder.append(outcome.rawValue)
        encoder.append(reason)
        encoder.append(count)
        return encoder.bytes
    }

    /// Decodes a stored audit record. Accepts all versions of the format up to the newest one.
    /// - Throws: ``StoreError/Code/corrupt`` if the bytes are damaged; ``StoreError/Code/newerVersion`` if a newer
    ///   version of Signet wrote them, so that the format version or the ``AuditType`` is unknown.
    package init(sequence: UInt64, encoded: [UInt8]) throws(StoreError) {
        var decoder = try RecordDecoder(encoded, kind: "audit", newest: Self.newestVersion)
        let previousHash = try decoder.content()
        guard previousHash.count == AuditLink.hashLength else {
            throw decoder.corrupt("a hash that does not have \(AuditLink.hashLength) bytes")
        }
        self.init(
            sequence: sequence,
            time: try decoder.time(),
            type: try Self.type(&decoder),
            actor: try AuditActor(&decoder),
            subject: try decoder.optional { field throws(StoreError) in try field.id() },
            familyID: try decoder.optional { field throws(StoreError) in try field.id() },
            object: try decoder.text(),
            address: try decoder.text(),
            userAgent: try decoder.text(),
            outcome: try Self.outcome(&decoder),
            reason: try decoder.text(),
            count: try decoder.integer(),
            previousHash: previousHash)
        try decoder.finish()
    }

    private static func type(_ decoder: inout RecordDecoder) throws(StoreError) -> AuditType {
        let number = try decoder.integer(UInt16.self)
        guard let type = AuditType(rawValue: number) else {
            throw StoreError(
                .newerVersion, "an audit record has the unknown type \(number): a newer version of Signet wrote it")
        }
        return type
    }

    private static func outcome(_ decoder: inout RecordDecoder) throws(StoreError) -> AuditOutcome {
        guard let outcome = AuditOutcome(rawValue: try decoder.integer()) else {
            throw decoder.corrupt("an unknown outcome")
        }
        return outcome
    }
}

/// An actor is stored as one byte for its kind. If the actor is a user or a client, its id follows.
extension AuditActor {
    fileprivate func append(to encoder: inout RecordEncoder) {
        switch self {
        case .anonymous:
            encoder.append(UInt8(0))
        case .user(let id):
            encoder.append(UInt8(1))
            encoder.append(id)
        case .client(let id):
            encoder.append(UInt8(2))
            encoder.append(id)
        case .operator:
            encoder.append(UInt8(3))
        case .issuer:
            encoder.append(UInt8(4))
        }
    }

    fileprivate init(_ decoder: inout RecordDecoder) throws(StoreError) {
        switch try decoder.integer(UInt8.self) {
        case 0: self = .anonymous
        case 1: self = .user(try decoder.id())
        case 2: self = .client(try decoder.id())
        case 3: self = .operator
        case 4: self = .issuer
        default: throw decoder.corrupt("an unknown actor")
        }
    }
}

extension AuditState {
    private static let newestVersion: UInt8 = 1

    /// Encodes the state of the audit log: the first and the last link of the hash chain, and the size of the log.
    /// - Throws: ``StoreError/Code/invalidRecord`` if a hash does not have 32 bytes.
    package func encoded() throws(StoreError) -> [UInt8] {
        var encoder = RecordEncoder(version: Self.newestVersion)
        for link in [anchor, head] {
            try RecordBounds.check(
                "hash", of: "audit state", count: link.hash.count, within: AuditLink.hashLength...AuditLink.hashLength)
            encoder.append(link.sequence)
            encoder.append(link.hash)
        }
        encoder.append(byteCount)
        return encoder.bytes
    }

    /// Decodes the stored state of the audit log. Accepts all versions of the format up to the newest one.
    /// - Throws: ``StoreError/Code/corrupt`` if the bytes are damaged; ``StoreError/Code/newerVersion`` if a newer
    ///   version of Signet wrote them.
    package init(encoded: [UInt8]) throws(StoreError) {
        var decoder = try RecordDecoder(encoded, kind: "audit state", newest: Self.newestVersion)
        let anchor = AuditLink(sequence: try decoder.integer(), hash: try decoder.content())
        let head = AuditLink(sequence: try decoder.integer(), hash: try decoder.content())
        self.init(anchor: anchor, head: head, byteCount: try decoder.integer())
        try decoder.finish()
        guard anchor.hash.count == AuditLink.hashLength, head.hash.count == AuditLink.hashLength,
            anchor.sequence <= head.sequence
        else { throw decoder.corrupt("links that cannot belong to one chain") }
    }
}
