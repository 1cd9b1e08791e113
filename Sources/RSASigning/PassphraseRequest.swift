/// Answers OpenSSL when it wants the passphrase of an encrypted key, so that it does not ask on the terminal.
final class PassphraseRequest {
    /// The longest passphrase, in bytes.
    static let maximumCount = 1024

    private let passphrase: [UInt8]?
    /// Whether OpenSSL wanted a passphrase at all.
    private(set) var wasAsked = false

    init(_ passphrase: [UInt8]?) { self.passphrase = passphrase }

    /// The `pem_password_cb`; its last argument is the request.
    static let answer: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 =
        { buffer, capacity, _, argument in
            guard let buffer = unsafe buffer, let argument = unsafe argument else { return -1 }
            let request = unsafe Unmanaged<PassphraseRequest>.fromOpaque(argument).takeUnretainedValue()
            request.wasAsked = true
            guard let passphrase = request.passphrase, 1...min(maximumCount, Int(capacity)) ~= passphrase.count else {
                return -1
            }
            for (index, byte) in passphrase.enumerated() { unsafe buffer[index] = CChar(bitPattern: byte) }
            return Int32(passphrase.count)
        }
}
