import JOSE

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe fuzzInput(start, count)
    let value = try? JSONValue(parsing: input)

    var scanner = JSONScanner()
    var isComplete = false
    do throws(JSONError) {
        try scanner.skipValue(in: input.span)
        isComplete = try scanner.next(in: input.span) == .endOfText
    } catch {
        require(0...input.count ~= error.offset, "a fault lies within the text")
    }
    require(isComplete == (value != nil), "skipping a value and reading it accept the same texts")
    require(scanner.work <= 4 * input.count + 16, "the work is linear in the length of the text")

    if let value {
        require(String(validating: input, as: UTF8.self) != nil, "only UTF-8 is accepted")
        let written = value.serialized()
        require((try? JSONValue(parsing: written)) == value, "what was read survives being written")
        require(value.hashValue == (try? JSONValue(parsing: written))?.hashValue, "equal values have equal hashes")
    }
    return 0
}
