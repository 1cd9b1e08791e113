import JOSE

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCompactJWS(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe fuzzInput(start, count)
    guard let jws = try? CompactJWS(parsing: input) else { return 0 }
    require(input.count <= CompactJWS.maximumCount, "no token beyond the bound is accepted")

    let signingInput = Array(input.prefix(jws.signingInputCount))
    let assembled = CompactJWS.assemble(signingInput: signingInput, signature: jws.signature)
    require(Array(assembled.utf8) == input, "a token is assembled again from its parts")

    let parts = signingInput.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    require(parts.count == 2 && Base64URL.decode(parts[1]) == jws.payload, "the payload is the second part")
    guard let header = Base64URL.decode(parts[0]), let object = try? JSONObject(parsing: header) else {
        fatalError("broken: the header is strictly a JSON object")
    }
    require(object["alg"] == "RS256", "the algorithm is RS256")
    require(object["crit"] == nil && object["b64"] == nil, "no extension is accepted")
    require(object["kid"] == jws.header.keyID.map(JSONValue.string), "kid is what the header says")
    require(object["typ"] == jws.header.type.map(JSONValue.string), "typ is what the header says")
    return 0
}
