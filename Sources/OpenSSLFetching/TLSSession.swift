// The client side of TLS, with OpenSSL. The code in this file works on byte arrays and uses no sockets.

internal import COpenSSLTLS

/// Settings for TLS connections of a client: TLS 1.2 or later, and the trusted certificate authorities.
///
/// By default, OpenSSL reads the authorities from its default file and directory. The environment variables
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` replace these paths.
@safe
final class TLSContext: @unchecked Sendable {
    // `@unchecked Sendable` is safe: nothing changes the settings after `init`, and OpenSSL guards its own caches with
    // locks.
    fileprivate let pointer: OpaquePointer

    /// Loads the certificate authorities from files. Do not call this initialiser on an event loop, because it blocks
    /// the thread.
    /// - Parameter authorities: the path of a PEM file with the trusted authorities; `nil` for the system's trust
    ///   store.
    init(authorities: String?) throws(FetchFailure) {
        ERR_clear_error()
        guard let pointer = unsafe SSL_CTX_new(TLS_client_method()) else {
            throw FetchFailure.tls(TLSErrorQueue.drain())
        }
        unsafe self.pointer = pointer
        unsafe SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        let result =
            if let authorities {
                unsafe SSL_CTX_load_verify_file(pointer, authorities)
            } else {
                unsafe SSL_CTX_set_default_verify_paths(pointer)
            }
        guard result == 1, unsafe signet_require_tls_1_2(pointer) == 1 else {
            throw FetchFailure.tls(TLSErrorQueue.drain())
        }
    }

    deinit { unsafe SSL_CTX_free(pointer) }
}

/// One TLS connection of a client. The caller moves the encrypted bytes between the session and the network.
@safe
final class TLSSession {
    /// The result of ``read()``.
    enum Plaintext {
        case bytes([UInt8])
        /// No decrypted bytes are left. The session needs more bytes from the network.
        case incomplete
        /// The server has announced that it sends nothing more (`close_notify`, RFC 8446 section 6.1).
        case ended
    }

    private let host: String
    private let session: OpaquePointer
    /// Memory BIOs: `received` holds encrypted bytes from the server, `outgoing` holds encrypted bytes for the server.
    /// `session` frees both.
    private let received: OpaquePointer
    private let outgoing: OpaquePointer

    /// Prepares a connection to `host`: a DNS name, an IPv4 address, or an IPv6 address without brackets. The
    /// certificate of the server must be for this host.
    init(_ context: TLSContext, host: String) throws(FetchFailure) {
        ERR_clear_error()
        guard let session = unsafe SSL_new(context.pointer) else { throw FetchFailure.tls(TLSErrorQueue.drain()) }
        guard let received = unsafe BIO_new(BIO_s_mem()), let outgoing = unsafe BIO_new(BIO_s_mem()) else {
            preconditionFailure("OpenSSL cannot make a buffer: out of memory")
        }
        unsafe SSL_set_bio(session, received, outgoing)
        unsafe SSL_set_connect_state(session)
        self.host = host
        unsafe (self.session, self.received, self.outgoing) = (session, received, outgoing)
        // If `host` is an IP address, the certificate must name this address. An IP address must not be sent as SNI
        // (RFC 6066 section 3).
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1 { return }
        ERR_clear_error()
        guard unsafe SSL_set1_host(session, host) == 1, unsafe signet_set_server_name(session, host) == 1 else {
            throw FetchFailure.tls(TLSErrorQueue.drain())
        }
    }

    deinit { unsafe SSL_free(session) }

    /// Adds encrypted bytes that arrived from the network.
    func receive(_ bytes: [UInt8]) { unsafe Self.append(bytes, to: received) }

    /// Removes and returns the encrypted bytes that must be sent to the server.
    func takeOutput() -> [UInt8] {
        let count = unsafe BIO_ctrl_pending(outgoing)
        guard count > 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let read = unsafe BIO_read(outgoing, buffer.baseAddress, Int32(clamping: count))
            filled = max(0, Int(read))
        }
    }

    /// Continues the handshake as far as the received bytes allow.
    /// - Returns: `true` if the handshake is complete and the server's certificate is accepted; `false` if the
    ///   handshake needs more bytes from the server.
    /// - Throws: `unknownAuthority`, `invalidCertificate` or `wrongHost` if the certificate is not accepted; `tls` for
    ///   any other error. After an error, send ``takeOutput()`` to the server: it may hold a TLS alert with the reason.
    func handshake() throws(FetchFailure) -> Bool {
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(session)
        if result == 1 { return true }
        guard unsafe SSL_get_error(session, result) == SSL_ERROR_WANT_READ else { throw failure() }
        return false
    }

    /// Decrypts up to 16 KiB of the received bytes. Repeat the call as long as the result is `bytes`.
    func read() throws(FetchFailure) -> Plaintext {
        ERR_clear_error()
        var result: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 16 * 1024) { buffer, filled in
            result = unsafe SSL_read(session, buffer.baseAddress, Int32(clamping: buffer.count))
            filled = max(0, Int(result))
        }
        if result > 0 { return .bytes(bytes) }
        switch unsafe SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: return .incomplete
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: throw failure()
        }
    }

    /// Encrypts `bytes` for the server. Call this only after the handshake.
    func write(_ bytes: [UInt8]) throws(FetchFailure) {
        guard !bytes.isEmpty else { return }
        ERR_clear_error()
        // The memory BIO `outgoing` grows as needed, so one call of `SSL_write` encrypts all bytes.
        let result = unsafe bytes.withUnsafeBytes {
            unsafe SSL_write(session, $0.baseAddress, Int32(clamping: $0.count))
        }
        guard Int(result) == bytes.count else { throw failure() }
    }

    /// Prepares the alert `close_notify`, which tells the server that the client sends nothing more. Call this only
    /// after the handshake.
    func end() {
        unsafe SSL_shutdown(session)
        ERR_clear_error()
    }

    /// The error for the OpenSSL call that has just failed. If the server's certificate was not accepted, the error
    /// says why.
    private func failure() -> FetchFailure {
        let reason = TLSErrorQueue.drain()
        let verdict = unsafe SSL_get_verify_result(session)
        switch Int32(truncatingIfNeeded: verdict) {
        case X509_V_OK: return .tls(reason)
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: return .wrongHost(host)
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return .unknownAuthority(unsafe String(cString: X509_verify_cert_error_string(verdict)))
        default: return .invalidCertificate(unsafe String(cString: X509_verify_cert_error_string(verdict)))
        }
    }

    private static func append(_ bytes: [UInt8], to buffer: OpaquePointer) {
        guard !bytes.isEmpty else { return }
        let count = unsafe bytes.withUnsafeBytes { unsafe BIO_write(buffer, $0.baseAddress, Int32(clamping: $0.count)) }
        precondition(Int(count) == bytes.count, "OpenSSL cannot enlarge a buffer: out of memory")
    }
}

/// OpenSSL's error queue of the calling thread.
private enum TLSErrorQueue {
    /// Removes all errors from the queue and returns their reasons as one line.
    static func drain() -> String {
        var reasons: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            if let reason = unsafe ERR_reason_error_string(code) { reasons.append(unsafe String(cString: reason)) }
        }
        return reasons.isEmpty ? "OpenSSL gives no reason" : reasons.joined(separator: "; ")
    }
}
