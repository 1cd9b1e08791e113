import JOSE
import Testing

@Suite("The JSON writer")
struct JSONWriterTests {
    @Test(
        arguments: [
            (nil, "null"), (true, "true"), (false, "false"), (0, "0"), (-12, "-12"), (1.0, "1.0"), (1e300, "1e+300"),
            (["b": 1, "a": [1, "x", [:], []]], "{\"b\":1,\"a\":[1,\"x\",{},[]]}"),
            ("\"\\/\u{8}\n\u{1F}\u{7F}é😀", "\"\\\"\\\\/\\u0008\\u000a\\u001f\u{7F}é😀\""),
            (["a\"b": nil], "{\"a\\\"b\":null}"), (.double(.nan), "null"), (.double(-.infinity), "null"),
        ] as [(JSONValue, String)])
    func `writes members in order, without whitespace and unnecessary escapes`(
        value: JSONValue, expected: String
    ) {
        #expect(String(decoding: value.serialized(), as: UTF8.self) == expected)
    }

    @Test(
        arguments: [
            .integer(.min), .integer(.max), .double(0.1), .double(.leastNonzeroMagnitude),
            .double(.greatestFiniteMagnitude),
            .double(-0.0), .double(1e16), .double(123456789.125),
            .string(String((0..<0x300).map { Character(Unicode.Scalar($0) ?? " ") })),
            ["": ["": [["": nil]]]],
        ] as [JSONValue])
    func `writes text that reads back as the same value`(value: JSONValue) throws {
        #expect(try JSONValue(parsing: value.serialized()) == value)
    }
}
