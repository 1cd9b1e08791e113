import JOSE
import Testing

@Suite("A JSON object")
struct JSONObjectTests {
    @Test func `replaces a member in place, appends a new one, and removes one set to nil`() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        object["missing"] = nil
        #expect(object.members.map(\.name) == ["a", "c"])
        #expect(object["a"] == 3)
        #expect(object["b"] == nil)
        #expect(object.count == 2)
        object["a"] = .null
        #expect(object["a"]?.isNull == true)
    }

    @Test func `keeps the last value if a literal repeats a name`() {
        let object: JSONObject = ["a": 1, "b": 2, "a": 3]
        #expect(object.members == [.init(name: "a", value: 3), .init(name: "b", value: 2)])
    }

    @Test func `equals an object with the same members in another order, and has the same hash`() {
        let one: JSONObject = ["a": 1, "b": [["c": 2, "d": 3]]]
        let other: JSONObject = ["b": [["d": 3, "c": 2]], "a": 1]
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != ["a": 1])
        #expect(one != ["a": 1, "b": 2])
        #expect(one != ["a": 1, "c": [["c": 2, "d": 3]]])
    }

    @Test func `distinguishes names and strings that are canonically equivalent in Unicode`() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        #expect(composed == decomposed)
        let object: JSONObject = [composed: 1]
        #expect(object[decomposed] == nil)
        #expect(JSONValue.string(composed) != JSONValue.string(decomposed))
        let both = try JSONObject(parsing: Array("{\"\(composed)\":1,\"\(decomposed)\":2}".utf8))
        #expect(both.count == 2)
        #expect(both[decomposed] == 2)
        #expect(both != [composed: 2, decomposed: 1])
        #expect(both == [decomposed: 2, composed: 1])
    }

    @Test func `returns each kind of value from its own accessor only`() {
        let values: [JSONValue] = [nil, true, 7, 7.5, "7", [7], ["7": 7]]
        #expect(values.map(\.isNull) == [true, false, false, false, false, false, false])
        #expect(values.map(\.bool) == [nil, true, nil, nil, nil, nil, nil])
        #expect(values.map(\.integer) == [nil, nil, 7, nil, nil, nil, nil])
        #expect(values.map(\.number) == [nil, nil, 7, 7.5, nil, nil, nil])
        #expect(values.map(\.string) == [nil, nil, nil, nil, "7", nil, nil])
        #expect(values.map(\.array) == [nil, nil, nil, nil, nil, [7], nil])
        #expect(values.map(\.object) == [nil, nil, nil, nil, nil, nil, ["7": 7]])
        #expect(Set(values).count == 7)
    }
}
