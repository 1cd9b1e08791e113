import Glibc
import SignetVerifier

// A program that imports only SignetVerifier. Usage: verifier JWKS-FILE TOKEN-FILE. It verifies the token, and a copy
// of the token with a broken signature.
//
// If the library built from allocations.c is preloaded, the program also lets the library count the allocations of 1000
// verifications, and verifies the token while single allocations fail.

func read(_ path: String) -> [UInt8] {
    guard let file = unsafe fopen(path, "r") else { return [] }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = unsafe fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return bytes
}

typealias Marker = @convention(c) (Int32) -> Void

func marker() -> Marker? {
    guard let symbol = unsafe dlsym(nil, "allocation_marker") else { return nil }
    return unsafe unsafeBitCast(symbol, to: Marker.self)
}

typealias Failing = @convention(c) (Int) -> Int32

func failing() -> Failing? {
    guard let symbol = unsafe dlsym(nil, "allocation_fail") else { return nil }
    return unsafe unsafeBitCast(symbol, to: Failing.self)
}

/// Verifies the token repeatedly. In verification n, the n-th allocation of libcrypto fails. Stops when a verification
/// makes fewer than n allocations. Returns the result of each verification before: `accepted` or an error code.
func verdicts(_ failing: Failing) -> [String] {
    var verdicts: [String] = []
    for number in 0..<1000 {
        _ = failing(number)
        var verdict = "accepted"
        do {
            _ = try cold.verify(token, with: keys, at: now)
        } catch {
            verdict = error.code.rawValue
        }
        if failing(-1) != 0 { return verdicts }
        verdicts.append(verdict)
    }
    return verdicts
}

let keys = try KeySet(jwks: read(CommandLine.arguments[1]))
let token = String(decoding: read(CommandLine.arguments[2]).filter { $0 != 0x0A }, as: UTF8.self)
let policy = try VerificationPolicy(issuer: "https://issuer.test", audiences: ["https://service.test"])
let cold = Verifier(policy: policy, keys: StaticKeySource(keys), signatureCacheCapacity: 0)
let warm = Verifier(policy: policy, keys: StaticKeySource(keys))
let now = NumericDate(1_800_000_000)

let verified = try warm.verify(token, with: keys, at: now)
print("subject", verified.subject ?? "none")
do {
    _ = try warm.verify(String(token.dropLast(3)) + "AAA", with: keys, at: now)
    print("accepted a broken token")
} catch {
    print("broken", error.code)
}

if let marker = marker() {
    for (number, verifier) in [cold, warm].enumerated() {
        for _ in 0..<10 { _ = try verifier.verify(token, with: keys, at: now) }
        marker(Int32(number))
        for _ in 0..<1000 { _ = try verifier.verify(token, with: keys, at: now) }
        marker(-1)
    }
}

if let failing = failing() {
    let verdicts = verdicts(failing)
    let others = Set(verdicts).subtracting(["accepted", "cryptographyUnavailable"])
    print("outofmemory", verdicts.count { $0 == "cryptographyUnavailable" }, others.sorted().joined(separator: ","))
}
