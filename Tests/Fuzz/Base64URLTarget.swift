import JOSE

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBase64URL(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe fuzzInput(start, count)
    if let decoded = Base64URL.decode(input.span) {
        require(Array(Base64URL.encode(decoded).utf8) == input, "a text that decodes is the only one for its bytes")
    }
    require(Base64URL.decode(Base64URL.encode(input).utf8) == input, "what was encoded decodes to the same bytes")
    return 0
}
