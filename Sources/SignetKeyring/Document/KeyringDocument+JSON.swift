import JOSE
import SignetStore

// Some members of `keyring.json` have older names than the Swift properties: "sealing" is the encryption, "generation"
// is the encryption round, "terms" is the key policy, and "rotation" is the rotation interval.

extension KeyringDocument {
    /// The content of `keyring.json`. Times are whole seconds since 1970, and durations are whole seconds.
    var bytes: [UInt8] {
        let document: JSONObject = [
            "version": .integer(Self.version),
            "writtenAt": .integer(writtenAt.seconds),
            "sealing": .object([
                "generation": .integer(encryption.round), "encrypted": .bool(encryption.isEncrypted),
            ]),
            "terms": .object(Self.json(of: policy)),
            "keys": .array(keys.map { .object(Self.json(of: $0)) }),
            "refreshSecrets": .array(refreshSecrets.map { .object(Self.json(of: $0)) }),
            "revocations": .array(revocations.map { .object(Self.json(of: $0)) }),
        ]
        return JSONValue.object(document).serialized() + [UInt8(ascii: "\n")]
    }

    /// Parses a `keyring.json` of format version 1 or 2.
    /// - Throws: `newerVersion` if the format version is higher; `corrupt` with the name of the JSON member that is
    ///   wrong.
    init(bytes: [UInt8]) throws(KeyringError) {
        let document = try Self.object(bytes)
        let version = document["version"]?.integer ?? 0
        guard version >= 1 else { throw Self.corrupt("version is missing or not a number from 1") }
        guard version <= Self.version else {
            throw KeyringError(
                .newerVersion,
                """
                \(Self.fileName) has version \(version), but this Signet knows versions up to \(Self.version): run the \
                newer Signet
                """)
        }
        keys = try Self.list(document, "keys", Self.key)
        guard !keys.isEmpty else { throw Self.corrupt("keys is empty") }
        refreshSecrets = try Self.list(document, "refreshSecrets", Self.secret)
        guard !refreshSecrets.isEmpty else { throw Self.corrupt("refreshSecrets is empty") }
        guard Set(keys.map(\.keyID)).count == keys.count else { throw Self.corrupt("two keys have the same kid") }
        guard Set(refreshSecrets.map(\.id)).count == refreshSecrets.count else {
            throw Self.corrupt("two of refreshSecrets have the same id")
        }
        // A version 1 file contains only signing keys and refresh token HMAC keys. The other properties get default
        // values.
        guard version > 1 else {
            revocations = []
            policy = .ofVersion1
            encryption = .none
            writtenAt = keys.map(\.createdAt).max() ?? Timestamp(seconds: 0)
            return
        }
        revocations = try Self.list(document, "revocations", Self.revocation)
        policy = try Self.policy(document)
        encryption = try Self.encryption(document)
        writtenAt = try Self.time(document, "writtenAt", "the document")
    }

    static func corrupt(_ fault: String) -> KeyringError {
        KeyringError(.corrupt, "\(fileName): \(fault); restore it from a backup")
    }
}

// MARK: - Parts

extension KeyringDocument {
    private static func key(_ object: JSONObject, _ path: String) throws(KeyringError) -> KeyRecord {
        guard let keyID = object["kid"]?.string else { throw corrupt("\(path).kid is missing") }
        let modulus = try binary(object, "n", path)
        let exponent = try binary(object, "e", path)
        guard keyID == Self.keyID(modulus: modulus, exponent: exponent) else {
            throw corrupt("\(path).kid is not the thumbprint of its n and e")
        }
        let activatesAt = try optionalTime(object, "activatesAt", path)
        let retiresAt = try optionalTime(object, "retiresAt", path)
        let removedAt = try optionalTime(object, "removedAt", path)
        let times = [activatesAt, retiresAt, removedAt].compactMap(\.self)
        guard zip(times, times.dropFirst()).allSatisfy(<=), activatesAt != nil || times.isEmpty else {
            throw corrupt("\(path): activatesAt, retiresAt, removedAt are not in this order")
        }
        return KeyRecord(
            keyID: keyID, modulus: modulus, exponent: exponent, createdAt: try time(object, "createdAt", path),
            activatesAt: activatesAt, retiresAt: retiresAt, removedAt: removedAt,
            hasPrivateHalf: try flag(object, "privateHalf", path, absent: true))
    }

    private static func json(of key: KeyRecord) -> JSONObject {
        var object: JSONObject = [
            "kid": .string(key.keyID),
            "alg": "RS256",
            "n": .string(Base64URL.encode(key.modulus)),
            "e": .string(Base64URL.encode(key.exponent)),
            "createdAt": .integer(key.createdAt.seconds),
        ]
        object["activatesAt"] = key.activatesAt.map { .integer($0.seconds) }
        object["retiresAt"] = key.retiresAt.map { .integer($0.seconds) }
        object["removedAt"] = key.removedAt.map { .integer($0.seconds) }
        if !key.hasPrivateHalf { object["privateHalf"] = false }
        return object
    }

    private static func secret(_ object: JSONObject, _ path: String) throws(KeyringError) -> RefreshSecretRecord {
        guard let id = object["id"]?.integer.flatMap(UInt8.init(exactly:)) else {
            throw corrupt("\(path).id is missing or not within 0…255")
        }
        return RefreshSecretRecord(
            id: id, fingerprint: try binary(object, "fingerprint", path),
            createdAt: try time(object, "createdAt", path),
            activatesAt: try optionalTime(object, "activatesAt", path),
            removedAt: try optionalTime(object, "removedAt", path))
    }

    private static func json(of secret: RefreshSecretRecord) -> JSONObject {
        var object: JSONObject = [
            "id": .integer(Int64(secret.id)),
            "fingerprint": .string(Base64URL.encode(secret.fingerprint)),
            "createdAt": .integer(secret.createdAt.seconds),
            "activatesAt": .integer(secret.activatesAt.seconds),
        ]
        object["removedAt"] = secret.removedAt.map { .integer($0.seconds) }
        return object
    }

    private static func revocation(_ object: JSONObject, _ path: String) throws(KeyringError) -> KeyRevocation {
        guard let keyID = object["kid"]?.string else { throw corrupt("\(path).kid is missing") }
        return KeyRevocation(keyID: keyID, revokedAt: try time(object, "revokedAt", path))
    }

    private static func json(of revocation: KeyRevocation) -> JSONObject {
        ["kid": .string(revocation.keyID), "revokedAt": .integer(revocation.revokedAt.seconds)]
    }

    private static func encryption(_ document: JSONObject) throws(KeyringError) -> KeyringEncryption {
        guard let object = document["sealing"]?.object, let round = object["generation"]?.integer, round >= 0
        else { throw corrupt("sealing is missing or has no generation") }
        return KeyringEncryption(round: round, isEncrypted: try flag(object, "encrypted", "sealing", absent: nil))
    }

    private static func policy(_ document: JSONObject) throws(KeyringError) -> EffectiveKeyPolicy {
        guard let object = document["terms"]?.object else { throw corrupt("terms is missing") }
        func promise(_ name: String) throws(KeyringError) -> PromisedDuration {
            guard let duration = try duration(object, name) else { throw corrupt("terms.\(name) is missing") }
            return PromisedDuration(duration, earlierUntil: try optionalTime(object, name + "EarlierUntil", "terms"))
        }
        guard let lead = try duration(object, "lead") else { throw corrupt("terms.lead is missing") }
        return EffectiveKeyPolicy(
            rotationInterval: try duration(object, "rotation"), lead: lead, maxAge: try promise("maxAge"),
            accessTokens: try promise("accessTokens"), sessions: try promise("sessions"))
    }

    private static func json(of policy: EffectiveKeyPolicy) -> JSONObject {
        var object: JSONObject = ["lead": .integer(policy.lead.components.seconds)]
        object["rotation"] = policy.rotationInterval.map { .integer($0.components.seconds) }
        for (name, promise) in [
            ("maxAge", policy.maxAge), ("accessTokens", policy.accessTokens), ("sessions", policy.sessions),
        ] {
            object[name] = .integer(promise.duration.components.seconds)
            object[name + "EarlierUntil"] = promise.earlierUntil.map { .integer($0.seconds) }
        }
        return object
    }
}

// MARK: - Values

extension KeyringDocument {
    private static func object(_ bytes: [UInt8]) throws(KeyringError) -> JSONObject {
        do {
            return try JSONObject(parsing: bytes)
        } catch {
            throw corrupt("the content is not a JSON object (\(error))")
        }
    }

    private static func list<Element>(
        _ document: JSONObject, _ name: String, _ read: (JSONObject, String) throws(KeyringError) -> Element
    ) throws(KeyringError) -> [Element] {
        guard let values = document[name]?.array else { throw corrupt("\(name) is missing or not an array") }
        var elements: [Element] = []
        for (index, value) in values.enumerated() {
            guard let object = value.object else { throw corrupt("\(name)[\(index)] is not an object") }
            elements.append(try read(object, "\(name)[\(index)]"))
        }
        return elements
    }

    private static func duration(_ object: JSONObject, _ name: String) throws(KeyringError) -> Duration? {
        guard let value = object[name] else { return nil }
        guard let seconds = value.integer, (1...3_153_600_000).contains(seconds) else {
            throw corrupt("terms.\(name) is not a duration in whole seconds")
        }
        return .seconds(seconds)
    }

    private static func flag(
        _ object: JSONObject, _ name: String, _ path: String, absent: Bool?
    ) throws(KeyringError) -> Bool {
        if object[name] == nil, let absent { return absent }
        guard case .bool(let value)? = object[name] else { throw corrupt("\(path).\(name) is not true or false") }
        return value
    }

    private static func binary(
        _ object: JSONObject, _ name: String, _ path: String
    ) throws(KeyringError) -> [UInt8] {
        guard let bytes = object[name]?.string.flatMap({ Base64URL.decode($0.utf8) }), !bytes.isEmpty else {
            throw corrupt("\(path).\(name) is missing or not base64url")
        }
        return bytes
    }

    private static func time(
        _ object: JSONObject, _ name: String, _ path: String
    ) throws(KeyringError) -> Timestamp {
        guard let time = try optionalTime(object, name, path) else { throw corrupt("\(path).\(name) is missing") }
        return time
    }

    private static func optionalTime(
        _ object: JSONObject, _ name: String, _ path: String
    ) throws(KeyringError) -> Timestamp? {
        guard let value = object[name] else { return nil }
        // The upper bound is the end of the year 9999. Larger values could overflow the arithmetic in milliseconds.
        guard let seconds = value.integer, (0...253_402_300_799).contains(seconds) else {
            throw corrupt("\(path).\(name) is not a time in whole seconds since 1970")
        }
        return Timestamp(seconds: seconds)
    }
}
