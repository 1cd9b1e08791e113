import JOSE
import SignetStore

/// The parts of `keyring.json`, read and written.
extension KeyringDocument {
    static func key(_ object: JSONObject, _ place: String) throws(KeyringError) -> KeyRecord {
        guard let kid = object["kid"]?.string else { throw corrupt("\(place).kid is missing") }
        let modulus = try binary(object, "n", place)
        let exponent = try binary(object, "e", place)
        guard kid == Self.kid(modulus: modulus, exponent: exponent) else {
            throw corrupt("\(place).kid is not the thumbprint of its n and e")
        }
        let activatesAt = try optionalTime(object, "activatesAt", place)
        let retiresAt = try optionalTime(object, "retiresAt", place)
        let removedAt = try optionalTime(object, "removedAt", place)
        let times = [activatesAt, retiresAt, removedAt].compactMap(\.self)
        guard zip(times, times.dropFirst()).allSatisfy(<=), activatesAt != nil || times.isEmpty else {
            throw corrupt("\(place): activatesAt, retiresAt, removedAt are not in this order")
        }
        return KeyRecord(
            kid: kid, modulus: modulus, exponent: exponent, createdAt: try time(object, "createdAt", place),
            activatesAt: activatesAt, retiresAt: retiresAt, removedAt: removedAt,
            hasPrivateHalf: try flag(object, "privateHalf", place, absent: true))
    }

    static func secret(_ object: JSONObject, _ place: String) throws(KeyringError) -> RefreshSecretRecord {
        guard let id = object["id"]?.integer.flatMap(UInt8.init(exactly:)) else {
            throw corrupt("\(place).id is missing or not within 0…255")
        }
        return RefreshSecretRecord(
            id: id, fingerprint: try binary(object, "fingerprint", place),
            createdAt: try time(object, "createdAt", place),
            activatesAt: try optionalTime(object, "activatesAt", place),
            removedAt: try optionalTime(object, "removedAt", place))
    }

    static func revocation(_ object: JSONObject, _ place: String) throws(KeyringError) -> KeyRevocation {
        guard let kid = object["kid"]?.string else { throw corrupt("\(place).kid is missing") }
        return KeyRevocation(kid: kid, revokedAt: try time(object, "revokedAt", place))
    }

    static func sealing(_ document: JSONObject) throws(KeyringError) -> KeyringEncryption {
        guard let object = document["sealing"]?.object, let generation = object["generation"]?.integer,
            generation >= 0
        else { throw corrupt("sealing is missing or has no generation") }
        return KeyringEncryption(
            generation: generation, isEncrypted: try flag(object, "encrypted", "sealing", absent: nil))
    }

    static func terms(_ document: JSONObject) throws(KeyringError) -> EffectiveKeyPolicy {
        guard let object = document["terms"]?.object else { throw corrupt("terms is missing") }
        func bound(_ name: String) throws(KeyringError) -> KeyringBound {
            guard let duration = try duration(object, name) else { throw corrupt("terms.\(name) is missing") }
            return KeyringBound(duration, earlierUntil: try optionalTime(object, name + "EarlierUntil", "terms"))
        }
        guard let lead = try duration(object, "lead") else { throw corrupt("terms.lead is missing") }
        return EffectiveKeyPolicy(
            rotation: try duration(object, "rotation"), lead: lead, maxAge: try bound("maxAge"),
            accessTokens: try bound("accessTokens"), sessions: try bound("sessions"))
    }

    private static func duration(_ object: JSONObject, _ name: String) throws(KeyringError) -> Duration? {
        guard let value = object[name] else { return nil }
        guard let seconds = value.integer, (1...3_153_600_000).contains(seconds) else {
            throw corrupt("terms.\(name) is no duration in whole seconds")
        }
        return .seconds(seconds)
    }

    private static func flag(
        _ object: JSONObject, _ name: String, _ place: String, absent: Bool?
    ) throws(KeyringError) -> Bool {
        if object[name] == nil, let absent { return absent }
        guard case .bool(let value)? = object[name] else { throw corrupt("\(place).\(name) is not true or false") }
        return value
    }

    private static func binary(
        _ object: JSONObject, _ name: String, _ place: String
    ) throws(KeyringError) -> [UInt8] {
        guard let bytes = object[name]?.string.flatMap({ Base64URL.decode($0.utf8) }), !bytes.isEmpty else {
            throw corrupt("\(place).\(name) is missing or not base64url")
        }
        return bytes
    }

    static func time(
        _ object: JSONObject, _ name: String, _ place: String
    ) throws(KeyringError) -> Timestamp {
        guard let time = try optionalTime(object, name, place) else { throw corrupt("\(place).\(name) is missing") }
        return time
    }

    private static func optionalTime(
        _ object: JSONObject, _ name: String, _ place: String
    ) throws(KeyringError) -> Timestamp? {
        guard let value = object[name] else { return nil }
        // Year 9999: further out, arithmetic on milliseconds could overflow.
        guard let seconds = value.integer, (0...253_402_300_799).contains(seconds) else {
            throw corrupt("\(place).\(name) is no time in whole seconds since 1970")
        }
        return Timestamp(seconds: seconds)
    }

    static func json(of key: KeyRecord) -> JSONObject {
        var object: JSONObject = [
            "kid": .string(key.kid),
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

    static func json(of secret: RefreshSecretRecord) -> JSONObject {
        var object: JSONObject = [
            "id": .integer(Int64(secret.id)),
            "fingerprint": .string(Base64URL.encode(secret.fingerprint)),
            "createdAt": .integer(secret.createdAt.seconds),
            "activatesAt": .integer(secret.activatesAt.seconds),
        ]
        object["removedAt"] = secret.removedAt.map { .integer($0.seconds) }
        return object
    }

    static func json(of revocation: KeyRevocation) -> JSONObject {
        ["kid": .string(revocation.kid), "revokedAt": .integer(revocation.revokedAt.seconds)]
    }

    static func json(of terms: EffectiveKeyPolicy) -> JSONObject {
        var object: JSONObject = ["lead": .integer(terms.lead.components.seconds)]
        object["rotation"] = terms.rotation.map { .integer($0.components.seconds) }
        for (name, bound) in [
            ("maxAge", terms.maxAge), ("accessTokens", terms.accessTokens), ("sessions", terms.sessions),
        ] {
            object[name] = .integer(bound.duration.components.seconds)
            object[name + "EarlierUntil"] = bound.earlierUntil.map { .integer($0.seconds) }
        }
        return object
    }
}
