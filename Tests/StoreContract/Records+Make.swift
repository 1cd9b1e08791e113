package import SignetStore

extension AuditRecord {
    /// Makes an audit record, by default of a login.
    /// - Parameter link: the sequence number and the hash of the previous record.
    package static func make(
        after link: AuditLink = .start, time: Timestamp = Timestamp(seconds: 1_000), type: AuditType = .login,
        subject: UserID? = nil, address: String = "192.0.2.1", count: UInt32 = 1
    ) -> AuditRecord {
        AuditRecord(
            sequence: link.sequence + 1, time: time, type: type, actor: subject.map { .user($0) } ?? .anonymous,
            subject: subject, address: address, userAgent: "Firefox on Linux", count: count, previousHash: link.hash)
    }

    /// The link that the next record in the hash chain stores: this record's sequence number and a made-up hash of this
    /// record. Two consecutive records have different hashes.
    package var link: AuditLink {
        AuditLink(
            sequence: sequence,
            hash: [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: AuditLink.hashLength))
    }

    package var entry: AuditEntry {
        get throws { AuditEntry(sequence: sequence, bytes: try encoded()) }
    }
}

extension StoreWriter {
    /// Appends an audit record with the given fields to the hash chain. The hash of the record is made up.
    @discardableResult
    package func appendAudit(
        time: Timestamp = Timestamp(seconds: 1_000), type: AuditType = .login, subject: UserID? = nil,
        address: String = "192.0.2.1"
    ) throws -> AuditRecord {
        let record = AuditRecord.make(
            after: try auditState().head, time: time, type: type, subject: subject, address: address)
        try append(record) { _ in record.link.hash }
        return record
    }
}

extension ClientRecord {
    /// Makes a client that may introspect tokens.
    package static func make(id: ClientID = .random(), name: String = "orders", scopes: [String] = []) -> ClientRecord {
        ClientRecord(
            id: id, name: name, secretHash: [UInt8](repeating: 7, count: 32), scopes: scopes, mayIntrospect: true,
            mayUseClientCredentials: false, createdAt: Timestamp(seconds: 1_000))
    }
}

extension UserRecord {
    /// Makes a user. Without `email`, the user gets a unique e-mail address.
    package static func make(
        id: UserID = .random(), email: String? = nil, name: String = "Ada", passwordHash: String = "$argon2id$v=19$…",
        roles: [String] = [], createdAt: Timestamp = Timestamp(seconds: 1_000), disabledAt: Timestamp? = nil,
        lastLoginAt: Timestamp? = nil, sessionCutoff: SessionCutoff? = nil
    ) -> UserRecord {
        UserRecord(
            id: id, email: email ?? "\(id)@example.com", name: name, passwordHash: passwordHash, roles: roles,
            createdAt: createdAt, updatedAt: createdAt, disabledAt: disabledAt, lastLoginAt: lastLoginAt,
            sessionCutoff: sessionCutoff)
    }
}

extension FamilyRecord {
    /// Makes a family (all refresh tokens of one login). By default it was never rotated and expires 1000 s after its
    /// creation.
    package static func make(
        id: FamilyID = .random(), userID: UserID = .random(), clientID: ClientID? = nil, scope: String = "",
        createdAt: Timestamp = Timestamp(seconds: 1_000), expiresAt: Timestamp = Timestamp(seconds: 9_000),
        generation: UInt32 = 0, parent: UInt32? = nil, idleExpiresAt: Timestamp = Timestamp(seconds: 2_000),
        revokedAt: Timestamp? = nil, revocationReason: RevocationReason? = nil, statusListEntry: StatusListEntry? = nil,
        device: String = "Firefox on Linux"
    ) -> FamilyRecord {
        FamilyRecord(
            id: id, userID: userID, clientID: clientID, scope: scope, salt: Array(1...16), authenticatedAt: createdAt,
            createdAt: createdAt, expiresAt: expiresAt, generation: generation, secretID: 1, parent: parent,
            rotatedAt: createdAt, idleExpiresAt: idleExpiresAt, revokedAt: revokedAt,
            revocationReason: revocationReason, statusListEntry: statusListEntry, device: device,
            createdAddress: "192.0.2.1",
            lastUsedAddress: "192.0.2.1")
    }

    /// Returns a copy of the family (all refresh tokens of one login) after one rotation. The copy expires at
    /// `idleExpiresAt` unless it is rotated again.
    package func rotated(idleExpiresAt: Timestamp) -> FamilyRecord {
        var family = self
        family.parent = generation
        family.generation += 1
        family.idleExpiresAt = idleExpiresAt
        return family
    }

    /// Returns a copy of the family (all refresh tokens of one login) that a logout revoked at `time`.
    package func revoked(at time: Timestamp) -> FamilyRecord {
        var family = self
        family.revokedAt = time
        family.revocationReason = .logout
        return family
    }
}
