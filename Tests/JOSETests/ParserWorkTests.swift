import JOSE
import Testing

/// Tests that parsing takes linear time. The parser counts its steps, so the tests need no clock.
@Suite("The counted work of parsing")
struct ParserWorkTests {
    struct Input: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Returns a text for the parser with about as many bytes as the argument says.
        let text: @Sendable (Int) -> String

        init(_ testDescription: String, _ text: @escaping @Sendable (Int) -> String) {
            self.testDescription = testDescription
            self.text = text
        }

        func bytes(_ count: Int) -> [UInt8] { Array(text(count).utf8.prefix(count)) }
    }

    private static let size = 16 * 1024

    private static func filled(_ count: Int, _ start: String, _ end: String, _ piece: (Int) -> String) -> String {
        var text = start
        var index = 0
        while case let next = piece(index), text.utf8.count + next.utf8.count + end.utf8.count <= count {
            text += next
            index += 1
        }
        return text + end
    }

    /// Expects that parsing 16 KiB of `input` takes at most `factor` steps per byte, and that the number of steps grows
    /// linearly with the length. `work` parses bytes and returns the number of steps.
    private func expectLinear(_ input: Input, factor: Int, _ work: ([UInt8]) -> Int) {
        let bytes = input.bytes(Self.size)
        #expect(bytes.count > Self.size * 9 / 10)
        let whole = work(bytes)
        #expect(whole <= factor * bytes.count)
        let quarter = work(input.bytes(Self.size / 4))
        // Linear work would be four times the work for a quarter of the input. A factor of five and 1024 more steps
        // also allow work that does not depend on the length.
        #expect(whole <= 5 * quarter + 1024)
    }

    // MARK: base64url

    private static let texts = [
        Input("good") { String(repeating: "A", count: $0) },
        Input("leftover bits at the end") { String(repeating: "A", count: $0 - 2) + "/_" },
        Input("an invalid character at the start") { "=" + String(repeating: "A", count: $0 - 1) },
        Input("an invalid character at the end") { String(repeating: "A", count: $0 - 1) + "=" },
        Input("invalid characters only") { String(repeating: "=", count: $0) },
        Input("bytes beyond ASCII") { String(repeating: "\u{E9}", count: $0 / 2) },
        Input("an impossible length") { String(repeating: "A", count: $0 - 3) },
    ]

    @Test(arguments: texts)
    func `is one pass for base64url, valid or not`(input: Input) {
        expectLinear(input, factor: 2) { bytes in
            var work = 0
            let decoded = Base64URL.decode(bytes.span, work: &work)
            if decoded != nil { #expect(work == bytes.count + bytes.count / 4 * 3) }
            return work
        }
    }

    // MARK: Compact JWS

    /// Returns a compact JWS of about `count` bytes with the given header.
    private static func token(_ header: String, _ count: Int) -> String {
        let start = Base64URL.encode(Array(header.utf8)) + "."
        return start + String(repeating: "A", count: max(0, (count - start.utf8.count - 5) / 4 * 4)) + ".AAAA"
    }

    private static let good = #"{"alg":"RS256","kid":"1","typ":"at+jwt"}"#

    private static let tokens = [
        Input("no period") { String(repeating: "A", count: $0) },
        Input("periods alone") { String(repeating: ".", count: $0) },
        Input("two periods at the end") { String(repeating: "A", count: $0 - 3) + "..A" },
        Input("a fourth part at the end") { "A.A." + String(repeating: "A", count: $0 - 6) + ".A" },
        Input("periods in every block of the search") {
            filled($0, "", "") { _ in "." + String(repeating: "A", count: 31) }
        },
        Input("a long payload") { token(good, $0) },
        Input("a long signature") {
            Base64URL.encode(Array(good.utf8)) + ".e30." + String(repeating: "A", count: $0 / 4 * 4 - 64)
        },
        Input("an invalid character in the signature") { String(token(good, $0).dropLast()) + "=" },
        Input("a header of the greatest size with many members") { count in
            token(filled(min(4096, count / 5), #"{"alg":"RS256""#, "}") { ",\"\($0)\":0" }, count)
        },
        Input("a header with names of equal length and equal first bytes") { count in
            token(filled(min(4096, count / 5), #"{"alg":"RS256""#, "}") { ",\"aaaaaaaa\($0 + 1000)\":0" }, count)
        },
        Input("a header of escapes") { count in
            token(filled(min(4096, count / 5), #"{"alg":"RS256","kid":""#, "\"}") { _ in #"\ud83d\ude00"# }, count)
        },
        Input("a header that nests too deep") { count in
            token(filled(min(4096, count / 5), "", "") { _ in "[" }, count)
        },
    ]

    @Test(arguments: tokens)
    func `is a fixed number of passes for a token, whatever its fault`(input: Input) {
        expectLinear(input, factor: 4) { bytes in
            var work = 0
            if (try? CompactJWS(parsing: bytes.span, work: &work)) != nil { #expect(work > 2 * bytes.count) }
            return work
        }
    }

    // MARK: JWK set

    private static let key = #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#

    private static let sets = [
        Input("one key with many members") {
            filled($0, #"{"keys":[{"":0"#, #","kty":"RSA","n":"AQAB","e":"AQAB"}]}"#) { ",\"\($0)\":0" }
        },
        Input("many members before the keys") { filled($0, #"{"":0"#, #","keys":[]}"#) { ",\"\($0)\":0" } },
        Input("the longest modulus that fits") {
            #"{"keys":[{"kty":"RSA","e":"AQAB","n":""# + String(repeating: "A", count: $0 - 44) + #""}]}"#
        },
        Input("a modulus of escapes") {
            filled($0, #"{"keys":[{"kty":"RSA","e":"AQAB","n":""#, #""}]}"#) { _ in #"\u0041"# }
        },
        Input("more keys than are read") { filled($0, #"{"keys":[{}"#, "]}") { _ in ",{}" } },
        Input("usable keys with a long kid each") { count in
            filled(count, #"{"keys":[0"#, "]}") { _ in
                #",{"kty":"RSA","n":"AQAB","e":"AQAB","kid":""# + String(repeating: "k", count: count / 50) + "\"}"
            }
        },
        Input("many operations") { filled($0, #"{"keys":[{"kty":"RSA","key_ops":["verify""#, "]}]}") { ",\"\($0)\"" } },
        Input("no JSON after all") { filled($0, #"{"keys":[{}"#, "]") { _ in ",{}" } },
        Input("names of equal length and equal first bytes") {
            filled($0, #"{"keys":[{"":0"#, "}]}") { ",\"aaaaaaaa\($0 + 1000)\":0" }
        },
    ]

    @Test(arguments: sets)
    func `is a fixed number of passes for a JWK Set, whatever its fault`(input: Input) {
        expectLinear(input, factor: 6) { bytes in
            var work = 0
            if let set = try? JWKSet(parsing: bytes, work: &work) {
                #expect(work >= bytes.count)
                #expect(set.keys.count + set.skippedKeys.count <= JWKSet.maximumKeyCount)
            }
            return work
        }
    }
}
