import Foundation
import JOSE

/// A program that makes the seeds (first inputs) of every fuzz target, most of them from test vectors.
///
/// Usage: `seeds VECTORS DIRECTORY`. `VECTORS` is the directory of the test vectors, `DIRECTORY` that of the seeds.
@main
enum Seeds {
    static func main() throws {
        let vectors = URL(filePath: CommandLine.arguments[1], directoryHint: .isDirectory)
        let directory = URL(filePath: CommandLine.arguments[2], directoryHint: .isDirectory)
        var tokens: Set<String> = []
        var documents: Set<Data> = []
        for file in ["jwt_corpus.json", "wycheproof_jws_rs256_only.json", "rfc_vectors.json"] {
            let content = try Data(contentsOf: vectors.appending(path: file))
            collect(try JSONSerialization.jsonObject(with: content), &tokens, &documents)
        }

        var seeds: [String: Set<Data>] = [
            "jwks": documents, "jws": Set(tokens.map { Data($0.utf8) }), "json": documents, "base64url": [],
            "verifier": Set(tokens.map { Data("R\($0)".utf8) }), "statuslist": statusLists,
            "lanes": Set(RawRequests.all.enumerated().map { Data([UInt8(truncatingIfNeeded: $0)] + $1) }),
        ]
        for token in tokens {
            let parts = token.split(separator: ".", omittingEmptySubsequences: false).prefix(3)
            seeds["base64url"]?.formUnion(parts.map { Data($0.utf8) })
            let decoded = parts.prefix(2).map { Base64URL.decode($0.utf8) ?? Array($0.utf8) }
            seeds["json"]?.formUnion(decoded.map { Data($0) })
            if decoded.count == 2 {
                let header = String(decoding: decoded[0], as: UTF8.self)
                // The verifier in the fuzz target `verifier` accepts only one issuer and one audience. Replace the
                // issuer and the audience of the test vectors with them.
                let payload = String(decoding: decoded[1], as: UTF8.self)
                    .replacing("https://auth.example.test", with: "https://issuer.example")
                    .replacing("https://api.example.test", with: "https://api.example")
                seeds["verifier"]?.insert(Data("S\(header)\n\(payload)".utf8))
            }
        }
        for position in UInt8(0)..<200 {
            seeds["verifier"]?.insert(Data([UInt8(ascii: "E"), position, position / 64, position, position]))
        }
        for (target, inputs) in seeds {
            let folder = directory.appending(path: target, directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (index, input) in inputs.sorted(by: { $0.lexicographicallyPrecedes($1) }).enumerated()
            where input.count <= 16 * 1024 {
                try input.write(to: folder.appending(path: "seed-\(index)"))
            }
        }
    }

    /// The status lists from draft-ietf-oauth-status-list, section 4.2: each as a JSON claim and as compressed bytes.
    private static var statusLists: Set<Data> {
        let texts = ["eNrbuRgAAhcBXQ", "eNo76fITAAPfAgc"]
        let claims = texts.map { Data("{\"bits\":1,\"lst\":\"\($0)\"}".utf8) }
        return Set(claims + texts.compactMap { Base64URL.decode($0.utf8).map { Data($0) } })
    }

    /// Searches `value` at any depth. Adds the values of members called `jws` to `tokens`, and the values of members
    /// called `jwks` or `jwks_raw` to `documents`.
    private static func collect(_ value: Any, _ tokens: inout Set<String>, _ documents: inout Set<Data>) {
        if let array = value as? [Any] {
            for element in array { collect(element, &tokens, &documents) }
        }
        guard let object = value as? [String: Any] else { return }
        for (name, member) in object {
            switch (name, member) {
            case ("jws", let token as String): tokens.insert(token)
            case ("jwks_raw", let text as String): documents.insert(Data(text.utf8))
            case ("jwks", let set as [String: Any]):
                if let document = try? JSONSerialization.data(withJSONObject: set, options: [.sortedKeys]) {
                    documents.insert(document)
                }
            default: collect(member, &tokens, &documents)
            }
        }
    }
}
