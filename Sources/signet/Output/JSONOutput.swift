import JOSE

/// Results for scripts: one JSON document on standard output.
enum JSONOutput {
    static func print(_ value: JSONValue) {
        Swift.print(String(decoding: value.serialized(), as: UTF8.self))
    }
}
