internal import COpenSSL

/// The error for an RSA key that cannot be created, read, written or used.
package struct RSAKeyError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The text is not PEM of the expected kind, its contents cannot be decoded, or the modulus or the exponent has
        /// leading zeros.
        case malformed
        /// The key has another type than RSA, its modulus is even, or OpenSSL rejects the modulus or the exponent.
        case notRSA
        /// The modulus has fewer than 2048 or more than 8192 bits.
        case unsupportedSize
        /// The exponent is even, below 65537, or 2^32 or more.
        case unsupportedExponent
        /// The private half does not match the public half, or the parts of the private half contradict each other.
        case inconsistentPair
        /// The key is encrypted, and no passphrase was given.
        case passphraseMissing
        /// The given passphrase does not decrypt the key.
        case passphraseWrong
        /// The passphrase with which to encrypt a key is empty or longer than 1024 bytes.
        case passphraseUnusable
        /// OpenSSL failed at a step that should always work, for example because memory ran out.
        case failure
    }

    package let code: Code
    /// A text for the operator: the failed step, what was expected, and OpenSSL's reasons. It contains no key material.
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Compares only ``code``.
    package static func == (left: RSAKeyError, right: RSAKeyError) -> Bool { left.code == right.code }

    package var description: String { "RSA key error \(code.rawValue): \(detail)" }
}

/// The OpenSSL error queue of the calling thread.
///
/// Clear the queue before an OpenSSL call; otherwise an older error may be reported as the cause of a failure. Drain
/// the queue after a failure; otherwise the error stays in the queue and a later call may report it.
package enum OpenSSLErrorQueue {
    /// Removes all errors from the OpenSSL error queue of the calling thread.
    package static func clear() { ERR_clear_error() }

    /// Removes all errors from the OpenSSL error queue and returns them as one line for the operator. If there were no
    /// errors, the line is empty.
    package static func drain() -> String { drained().reasons }

    private static func drained() -> (reasons: String, isOutOfMemory: Bool) {
        var reasons: [String] = []
        var isOutOfMemory = false
        while case let code = ERR_get_error(), code != 0 {
            if signet_is_out_of_memory(code) != 0 { isOutOfMemory = true }
            var text = [CChar](repeating: 0, count: 256)
            unsafe text.withUnsafeMutableBufferPointer { unsafe ERR_error_string_n(code, $0.baseAddress, $0.count) }
            reasons.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return (reasons.joined(separator: "; "), isOutOfMemory)
    }

    /// Removes all errors from the OpenSSL error queue. Returns `true` if one of them was "out of memory".
    static func clearFindingOutOfMemory() -> Bool {
        var isOutOfMemory = false
        while case let code = ERR_get_error(), code != 0 {
            if signet_is_out_of_memory(code) != 0 { isOutOfMemory = true }
        }
        return isOutOfMemory
    }

    /// Creates the error for an OpenSSL step that has just failed. Moves the reasons from OpenSSL's error queue into
    /// ``RSAKeyError/detail``.
    /// - Parameters:
    ///   - code: the code of the error, unless memory ran out; then the code is `failure`.
    ///   - step: the name of the failed step, for the detail.
    package static func error(_ code: RSAKeyError.Code, _ step: String) -> RSAKeyError {
        let (reasons, isOutOfMemory) = drained()
        return RSAKeyError(isOutOfMemory ? .failure : code, reasons.isEmpty ? step : "\(step) (\(reasons))")
    }
}
