internal import COpenSSL

/// The calling thread's queue of OpenSSL errors.
///
/// Cleared before every call whose failure is to be explained, so that nothing older is taken for its cause, and
/// drained after the failure, so that nobody else finds it.
package enum OpenSSLErrorQueue {
    /// Forgets everything in the queue.
    package static func clear() { ERR_clear_error() }

    /// Takes everything out of the queue; one line for the operator, empty when there was nothing.
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

    /// Forgets everything in the queue; whether any of it says that there was no memory.
    static func clearFindingOutOfMemory() -> Bool {
        var isOutOfMemory = false
        while case let code = ERR_get_error(), code != 0 {
            if signet_is_out_of_memory(code) != 0 { isOutOfMemory = true }
        }
        return isOutOfMemory
    }

    /// An error for a step that just failed, with the queue drained into its detail; `failure` instead of `code` when there
    /// was no memory for the step.
    package static func error(_ code: RSAKeyError.Code, _ step: String) -> RSAKeyError {
        let (reasons, isOutOfMemory) = drained()
        return RSAKeyError(isOutOfMemory ? .failure : code, reasons.isEmpty ? step : "\(step) (\(reasons))")
    }
}
