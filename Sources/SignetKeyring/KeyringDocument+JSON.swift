import JOSE
import RSAVerification
import SignetStore

extension KeyringDocument {
    /// The file's bytes. Times are whole seconds since 1970, durations whole seconds.
    var bytes: [UInt8] {
        let document: JSONObject = [
            "version": .integer(Self.version),
            "writtenAt": .integer(writtenAt.seconds),
            "sealing": .object([
                "generation": .integer(sealing.generation), "encrypted": .bool(sealing.isEncrypted),
            ]),
            "terms": .object(Self.json(of: terms)),
            "keys": .array(keys.map { .object(Self.json(of: $0)) }),
            "refreshSecrets": .array(refreshSecrets.map { .object(Self.json(of: $0)) }),
            "revocations": .array(revocations.map { .object(Self.json(of: $0)) }),
        ]
        return JSONValue.object(document).serialized() + [UInt8(ascii: "\n")]
    }

    /// Reads the file, of this version or an earlier one.
    /// - Throws: `newerVersion`, or `corrupt` with what is wrong and where.
    init(bytes: [UInt8]) throws(KeyringError) {
        let document = try Self.object(bytes)
        let version = document["version"]?.integer ?? 0
        guard version >= 1 else { throw Self.corrupt("version is missing or not a number from 1") }
        guard version <= Self.version else {
            throw KeyringError(
                .newerVersion,
                "\(Self.fileName) has version \(version), this Signet knows \(Self.version): run the newer Signet")
        }
        keys = try Self.list(document, "keys", Self.key)
        guard !keys.isEmpty else { throw Self.corrupt("keys is empty") }
        refreshSecrets = try Self.list(document, "refreshSecrets", Self.secret)
        guard !refreshSecrets.isEmpty else { throw Self.corrupt("refreshSecrets is empty") }
        guard Set(keys.map(\.kid)).count == keys.count else { throw Self.corrupt("two keys have the same kid") }
        guard Set(refreshSecrets.map(\.id)).count == refreshSecrets.count else {
            throw Self.corrupt("two refresh secrets have the same id")
        }
        // Version 1 had nothing but keys and secrets.
        guard version > 1 else {
            let latest = keys.map(\.createdAt).max() ?? Timestamp(seconds: 0)
            revocations = []
            terms = .unwritten(at: latest)
            sealing = .first
            writtenAt = latest
            return
        }
        revocations = try Self.list(document, "revocations", Self.revocation)
        terms = try Self.terms(document)
        sealing = try Self.sealing(document)
        writtenAt = try Self.time(document, "writtenAt", "the document")
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

    static func corrupt(_ fault: String) -> KeyringError {
        KeyringError(.corrupt, "\(fileName): \(fault); restore it from a backup")
    }

    private static func list<Element>(
        _ document: JSONObject, _ name: String, _ read: (JSONObject, String) throws(KeyringError) -> Element
    ) throws(KeyringError) -> [Element] {
        guard let values = document[name]?.array else { throw corrupt("\(name) is missing or no array") }
        var elements: [Element] = []
        for (index, value) in values.enumerated() {
            guard let object = value.object else { throw corrupt("\(name)[\(index)] is no object") }
            elements.append(try read(object, "\(name)[\(index)]"))
        }
        return elements
    }
}
