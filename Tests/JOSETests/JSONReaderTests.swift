import JOSE
import Testing

@Suite("The JSON reader")
struct JSONReaderTests {
    @Test(
        arguments: [
            ("null", nil), ("true", true), ("false", false), (" \t\r\n0 \t\r\n", 0), ("-0", 0), ("-1", -1),
            ("\"\"", ""),
            ("9223372036854775807", 9_223_372_036_854_775_807), ("-9223372036854775808", -9_223_372_036_854_775_808),
            ("1.0", 1.0), ("1E0", 1.0), ("0e1", 0.0), ("-1.5e+2", -150.0), ("1e-400", 0.0), ("0.1", 0.1),
            ("1.7976931348623157e308", Double.greatestFiniteMagnitude.json), ("1e19", 1e19),
            ("[]", []), ("{}", [:]), ("[ 1 , [ ] , { } ]", [1, [], [:]]),
            ("{\"a\":{\"a\":1},\"b\":[{\"a\":2},{\"a\":3}]}", ["a": ["a": 1], "b": [["a": 2], ["a": 3]]]),
            ("{\"sub\":1,\"Sub\":2,\"\":3}", ["sub": 1, "Sub": 2, "": 3]),
            ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"),
            ("\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00\\u0000\"", "Aé€😀\0"),
            ("\"\u{7F}é€😀\u{FFFF}\u{10FFFF}\"", "\u{7F}é€😀\u{FFFF}\u{10FFFF}"),
        ] as [(String, JSONValue)])
    func `reads what RFC 8259 allows`(text: String, expected: JSONValue) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == expected)
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[1", .unexpectedEnd, 2),
            ("{\"a\"", .unexpectedEnd, 4),
            ("{\"a\":", .unexpectedEnd, 5), ("\"a", .unexpectedEnd, 2), ("\"\\", .unexpectedEnd, 2),
            ("\"\\u12", .unexpectedEnd, 5), ("tru", .unexpectedEnd, 3), ("-", .unexpectedEnd, 1),
            ("1.", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3), ("[1,", .unexpectedEnd, 3),
            ("[1,]", .unexpectedByte, 3), ("{\"a\":1,}", .unexpectedByte, 7), ("[,]", .unexpectedByte, 1),
            ("{,}", .unexpectedByte, 1), ("[1 2]", .unexpectedByte, 3), ("{\"a\" 1}", .unexpectedByte, 5),
            ("{\"a\":}", .unexpectedByte, 5), ("{1:1}", .unexpectedByte, 1), ("{a:1}", .unexpectedByte, 1),
            ("[1}", .unexpectedByte, 2), ("{\"a\":1]", .unexpectedByte, 6), ("]", .unexpectedByte, 0),
            ("'a'", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0),
            ("-Infinity", .invalidNumber, 1), ("True", .unexpectedByte, 0), ("nul1", .unexpectedByte, 3),
            ("undefined", .unexpectedByte, 0), ("/**/1", .unexpectedByte, 0), ("1//", .trailingBytes, 1),
            ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0), ("\u{FEFF}1", .unexpectedByte, 0),
            ("\u{A0}1", .unexpectedByte, 0), ("\u{C}1", .unexpectedByte, 0), ("[1\u{0}]", .unexpectedByte, 2),
            ("01", .invalidNumber, 0), ("-01", .invalidNumber, 1), ("00", .invalidNumber, 0),
            ("1.e1", .invalidNumber, 2),
            ("1e1.5", .trailingBytes, 3), ("0x1", .trailingBytes, 1), ("1a", .trailingBytes, 1),
            ("{}{}", .trailingBytes, 2), ("{}x", .trailingBytes, 2), ("[]]", .trailingBytes, 2),
            ("1 1", .trailingBytes, 2),
            ("1e", .unexpectedEnd, 2), ("1e ", .invalidNumber, 2),
            ("9223372036854775808", .numberOutOfRange, 0), ("-9223372036854775809", .numberOutOfRange, 0),
            ("18446744073709551616", .numberOutOfRange, 0), ("[1e400]", .numberOutOfRange, 1),
            ("-1e309", .numberOutOfRange, 0),
            ("\"a\nb\"", .controlCharacter, 2), ("\"\u{0}\"", .controlCharacter, 1),
            ("\"\u{1F}\"", .controlCharacter, 1),
            ("{\"a\tb\":1}", .controlCharacter, 3),
            ("\"\\x41\"", .invalidEscape, 1), ("\"\\'\"", .invalidEscape, 1), ("\"\\u00g0\"", .invalidEscape, 1),
            ("\"\\U0041\"", .invalidEscape, 1), ("\"\\u 041\"", .invalidEscape, 1), ("\"\\u+041\"", .invalidEscape, 1),
            ("\"\\ud800\"", .loneSurrogate, 1), ("\"\\udc00\"", .loneSurrogate, 1), ("\"\\ud800x\"", .loneSurrogate, 1),
            ("\"\\ud800\\n\"", .loneSurrogate, 1), ("\"\\ud800\\ud800\"", .loneSurrogate, 1),
            ("\"\\udc00\\ud800\"", .loneSurrogate, 1), ("\"\\ud800\\u0041\"", .loneSurrogate, 1),
            ("{\"a\":1,\"a\":2}", .duplicateMember, 7), ("{\"a\":1,\"\\u0061\":2}", .duplicateMember, 7),
            ("{\"\\u0061\":1,\"a\":2}", .duplicateMember, 12), ("{\"x\":{\"a\":1,\"a\":1}}", .duplicateMember, 12),
            ("[{\"\":1,\"\":1}]", .duplicateMember, 7), ("{\"\\ud83d\\ude00\":1,\"😀\":1}", .duplicateMember, 18),
            ("{\"a\":{\"b\":{}},\"b\":[{\"a\":1}],\"a\":1}", .duplicateMember, 28),
        ] as [(String, JSONError.Code, Int)])
    func `refuses what RFC 8259 forbids and reports the position`(text: String, code: JSONError.Code, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(error == JSONError(code, at: offset))
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xFF], [0xFE], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xE0, 0x9F, 0xBF],
            [0xF0, 0x80, 0x80, 0xAF], [0xF0, 0x8F, 0xBF, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
            [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xF0, 0x9F, 0x28, 0x80], [0xF0, 0x9F, 0x98, 0x28],
        ] as [[UInt8]])
    func `refuses bytes that are not UTF-8`(bytes: [UInt8]) {
        #expect(throws: JSONError(.invalidUTF8, at: 1)) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
        #expect(throws: JSONError(.invalidUTF8, at: 1)) { try JSONValue(parsing: [0x22] + bytes) }
        #expect(throws: JSONError(.invalidUTF8, at: 2)) { try JSONValue(parsing: [0x7B, 0x22] + bytes + [0x22]) }
    }

    @Test(arguments: [1, 15, 16, 17, 33])
    func `checks every byte of a string at every position`(length: Int) throws {
        for position in 0..<length {
            for byte in UInt8.min...UInt8.max {
                var text = [UInt8](repeating: UInt8(ascii: "a"), count: length)
                text[position] = byte
                let expected: JSONError.Code? =
                    switch byte {
                    case ..<0x20: .controlCharacter
                    case UInt8(ascii: "\""): .trailingBytes
                    case UInt8(ascii: "\\"): position + 1 < length ? .invalidEscape : .unexpectedEnd
                    case 0x80...: .invalidUTF8
                    default: nil
                    }
                let quoted = [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
                do {
                    let value = try JSONValue(parsing: quoted)
                    #expect(expected == nil && value == .string(String(decoding: text, as: UTF8.self)))
                } catch {
                    #expect(error.code == expected)
                }
            }
        }
    }

    @Test func `accepts the same UTF-8 as the standard library, for all strings of up to three bytes beyond ASCII`() {
        for first in UInt8(0x80)...0xFF {
            for second in UInt8.min...0xFF where second != 0x22 && second != 0x5C && second >= 0x20 {
                for third: [UInt8] in [[], [0x7F], [0x80], [0xBF], [0xC0]] {
                    let content = [first, second] + third
                    let value = try? JSONValue(parsing: [0x22] + content + [0x22])
                    #expect(value?.string == String(validating: content, as: UTF8.self))
                }
            }
        }
    }

    @Test func `reads 32 levels of arrays and objects and refuses the 33rd`() throws {
        for (opening, closing) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
            let levels = opening.count(where: { "[{".contains($0) })
            let text = String(repeating: opening, count: 32 / levels)
            let good = text + "1" + String(repeating: closing, count: 32 / levels)
            #expect(throws: Never.self) { try JSONValue(parsing: Array(good.utf8)) }
            #expect(throws: JSONError(.tooDeep, at: text.utf8.count)) {
                try JSONValue(parsing: Array((text + "[").utf8))
            }
            #expect(throws: JSONError(.tooDeep, at: text.utf8.count)) {
                try JSONValue(parsing: Array((text + "{").utf8))
            }
        }
        let wide = "[" + String(repeating: "[[]],", count: 100) + "0]"
        #expect(try JSONValue(parsing: Array(wide.utf8)).array?.count == 101)
    }

    @Test func `reads a number of 128 characters and refuses one of 129`() throws {
        let digits = "0." + String(repeating: "3", count: 126)
        #expect(try JSONValue(parsing: Array(digits.utf8)).number == 0.3333333333333333)
        #expect(throws: JSONError(.numberOutOfRange, at: 0)) { try JSONValue(parsing: Array((digits + "3").utf8)) }
    }

    @Test func `refuses a text over the limit without reading it`() throws {
        #expect(try JSONValue(parsing: Array("[1]".utf8), maximumCount: 3) == [1])
        #expect(throws: JSONError(.tooLarge, at: 2)) { try JSONValue(parsing: Array("[1]".utf8), maximumCount: 2) }
    }

    @Test(arguments: ["[]", "\"x\"", "1", "null", "true"])
    func `refuses other values where an object is required`(other: String) throws {
        #expect(try JSONObject(parsing: Array("{\"a\":1}".utf8)) == ["a": 1])
        #expect(throws: JSONError(.notAnObject, at: 0)) { try JSONObject(parsing: Array(other.utf8)) }
    }

    @Test(arguments: [2, 16, 17, 18, 40, 3000])
    func `finds a duplicate name among any number of names, at any two positions`(count: Int) throws {
        func text(_ names: [Int]) -> [UInt8] {
            Array(("{" + names.map { "\"name\($0)\":0" }.joined(separator: ",") + "}").utf8)
        }
        let names = Array(0..<count)
        #expect(try JSONValue(parsing: text(names)).object?.count == count)
        for earlier in [0, count / 2, count - 1] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text(names + [earlier])) }
            #expect(error?.code == .duplicateMember)
        }
    }

    @Test func `allows the same name in different objects`() throws {
        let objects = Array(repeating: "{\"a\":{\"a\":0,\"b\":0},\"b\":[{\"a\":0}]}", count: 50).joined(separator: ",")
        #expect(try JSONValue(parsing: Array("[\(objects)]".utf8)).array?.count == 50)
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array("[\(objects),{\"a\":0,\"a\":0}]".utf8)) }
        let late = "{\"z\":[\(objects)],\"z\":0}"
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(late.utf8)) }
    }
}

extension Double {
    fileprivate var json: JSONValue { .double(self) }
}

@Suite("Hashes of JSON values")
struct JSONHashTests {
    @Test func `differ for canonically equivalent strings, so that an attacker cannot make strings collide`() {
        let spellings: [JSONValue] = (0..<64).map { number in
            .string((0..<6).map { number >> $0 & 1 == 0 ? "\u{E9}" : "e\u{301}" }.joined())
        }
        #expect(Set(spellings).count == 64)
        #expect(Set(spellings.map(\.hashValue)).count == 64)
    }
}
