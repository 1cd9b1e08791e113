import JOSE
import RSAVerification

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJWKSet(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe fuzzInput(start, count)
    guard let set = try? JWKSet(parsing: input) else { return 0 }
    require(set.keys.count + set.skippedKeys.count <= JWKSet.maximumKeyCount, "the number of keys is bounded")

    let copy = try? JWKSet(parsing: set.json.serialized())
    require(copy?.keys == set.keys && copy?.skippedKeys.isEmpty == true, "a set survives being published")

    for key in set.keys {
        guard let publicKey = try? RSAPublicKey(modulus: key.modulus, exponent: key.exponent) else { continue }
        require(RSAPublicKey.supportedBitCounts ~= publicKey.bitCount, "the size of a usable key is bounded")
        let signature = [UInt8](repeating: 0x5A, count: key.modulus.count)
        _ = try? publicKey.isValidSignature(signature, for: input)
        require(OpenSSLErrorQueue.drain().isEmpty, "no error is left in the queue")
    }
    return 0
}
