import JOSE
import RSAVerification
import SignetStore

extension KeyringDocument {
    /// The file's bytes. Times are whole seconds since 1970.
    var bytes: [UInt8] {
        let document: JSONObject = [
            "version": .integer(Self.version),
            "keys": .array(keys.map { .object(Self.json(of: $0)) }),
            "refreshSecrets": .array(refreshSecrets.map { .object(Self.json(of: $0)) }),
        ]
        return JSONValue.object(document).serialized() + [UInt8(ascii: "\n")]
    }

    /// Reads the file.
    /// - Throws: `newerVersion`, or `corrupt` with what is wrong and where.
    init(bytes: [UInt8]) throws(KeyringError) {
        let document = try Self.object(bytes)
        switch document["version"]?.integer {
        case Self.version: break
        case let version? where version > Self.version:
            throw KeyringError(
                .newerVersion,
                "\(Self.fileName) has version \(version), this Signet knows \(Self.version): run the newer Signet")
        default: throw Self.corrupt("version is missing or not a number from 1")
        }
        keys = try Self.list(document, "keys", Self.key)
        refreshSecrets = try Self.list(document, "refreshSecrets", Self.secret)
        guard Set(keys.map(\.kid)).count == keys.count else { throw Self.corrupt("two keys have the same kid") }
        guard Set(refreshSecrets.map(\.id)).count == refreshSecrets.count else {
            throw Self.corrupt("two refresh secrets have the same id")
        }
    }

    /// The RFC 7638 thumbprint in base64url.
    static func kid(modulus: [UInt8], exponent: [UInt8]) -> String {
        let key = RSAJWK(modulus: modulus, exponent: exponent, keyID: nil)
        return Base64URL.encode(SHA256.digest(key.thumbprintInput))
    }

    private static func object(_ bytes: [UInt8]) throws(KeyringError) -> JSONObject {
        do {
            return try JSONObject(parsing: bytes)
        } catch {
            throw corrupt("it is not the JSON object it was written as (\(error))")
        }
    }

    private static func corrupt(_ fault: String) -> KeyringError {
        KeyringError(.corrupt, "\(fileName): \(fault); restore it from a backup")
    }

    private static func list<Element>(
        _ document: JSONObject, _ name: String, _ read: (JSONObject, String) throws(KeyringError) -> Element
    ) throws(KeyringError) -> [Element] {
        guard let values = document[name]?.array, !values.isEmpty else {
            throw corrupt("\(name) is missing or empty")
        }
        var elements: [Element] = []
        for (index, value) in values.enumerated() {
            guard let object = value.object else { throw corrupt("\(name)[\(index)] is no object") }
            elements.append(try read(object, "\(name)[\(index)]"))
        }
        return elements
    }

    private static func key(_ object: JSONObject, _ place: String) throws(KeyringError) -> KeyRecord {
        guard let kid = object["kid"]?.string else { throw corrupt("\(place).kid is missing") }
        let modulus = try binary(object, "n", place)
        let exponent = try binary(object, "e", place)
        guard kid == Self.kid(modulus: modulus, exponent: exponent) else {
            throw corrupt("\(place).kid is not the thumbprint of its n and e")
        }
        let activatesAt = try time(object, "activatesAt", place)
        let retiresAt = try optionalTime(object, "retiresAt", place)
        let removedAt = try optionalTime(object, "removedAt", place)
        guard activatesAt <= retiresAt ?? activatesAt,
            retiresAt ?? activatesAt <= removedAt ?? Timestamp(milliseconds: .max)
        else {
            throw corrupt("\(place): activatesAt, retiresAt, removedAt are not in this order")
        }
        return KeyRecord(
            kid: kid, modulus: modulus, exponent: exponent, createdAt: try time(object, "createdAt", place),
            activatesAt: activatesAt, retiresAt: retiresAt, removedAt: removedAt)
    }

    private static func secret(_ object: JSONObject, _ place: String) throws(KeyringError) -> RefreshSecretRecord {
        guard let id = object["id"]?.integer.flatMap(UInt8.init(exactly:)) else {
            throw corrupt("\(place).id is missing or not within 0…255")
        }
        return RefreshSecretRecord(
            id: id, fingerprint: try binary(object, "fingerprint", place),
            createdAt: try time(object, "createdAt", place))
    }

    private static func binary(
        _ object: JSONObject, _ name: String, _ place: String
    ) throws(KeyringError) -> [UInt8] {
        guard let bytes = object[name]?.string.flatMap({ Base64URL.decode($0.utf8) }), !bytes.isEmpty else {
            throw corrupt("\(place).\(name) is missing or not base64url")
        }
        return bytes
    }

    private static func time(
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

    private static func json(of key: KeyRecord) -> JSONObject {
        var object: JSONObject = [
            "kid": .string(key.kid),
            "alg": "RS256",
            "n": .string(Base64URL.encode(key.modulus)),
            "e": .string(Base64URL.encode(key.exponent)),
            "createdAt": .integer(key.createdAt.seconds),
            "activatesAt": .integer(key.activatesAt.seconds),
        ]
        object["retiresAt"] = key.retiresAt.map { .integer($0.seconds) }
        object["removedAt"] = key.removedAt.map { .integer($0.seconds) }
        return object
    }

    private static func json(of secret: RefreshSecretRecord) -> JSONObject {
        [
            "id": .integer(Int64(secret.id)),
            "fingerprint": .string(Base64URL.encode(secret.fingerprint)),
            "createdAt": .integer(secret.createdAt.seconds),
        ]
    }
}
