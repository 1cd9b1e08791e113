extension AuditRecord {
    private static let newestVersion: UInt8 = 1

    /// The stored form, without the sequence number, which is the key.
    /// - Throws: ``StoreError/Code/invalidRecord`` when a field is outside its bounds.
    package func encoded() throws(StoreError) -> [UInt8] {
        try RecordBounds.check("object", of: "audit", count: object.utf8.count, within: 0...64)
        try RecordBounds.check("address", of: "audit", count: address.utf8.count, within: 0...64)
        try RecordBounds.check("userAgent", of: "audit", count: userAgent.utf8.count, within: 0...200)
        try RecordBounds.check("reason", of: "audit", count: reason.utf8.count, within: 0...32)
        try RecordBounds.check(
            "previousHash", of: "audit", count: previousHash.count, within: AuditLink.hashLength...AuditLink.hashLength)
        guard sequence > 0, count > 0 else {
            throw StoreError(.invalidRecord, "sequence and count of an audit record begin with 1")
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

    /// Reads the stored form of any version up to this one.
    /// - Throws: ``StoreError/Code/corrupt``; ``StoreError/Code/newerVersion``, also for a type that is not known here.
    package init(sequence: UInt64, encoded: [UInt8]) throws(StoreError) {
        var decoder = try RecordDecoder(encoded, kind: "audit", newest: Self.newestVersion)
        let previousHash = try decoder.content()
        guard previousHash.count == AuditLink.hashLength else { throw decoder.corrupt("a hash of another length") }
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
            throw StoreError(.newerVersion, "an audit record has type \(number), which this version does not know")
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

/// A byte for the kind, then the id where there is one.
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
