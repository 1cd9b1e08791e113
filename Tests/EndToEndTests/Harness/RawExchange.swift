import Glibc

/// Sends raw bytes over TCP connections, for requests that HTTP client libraries refuse to send.
enum RawExchange {
    /// Sends `request`, shuts down the sending side, and returns what the service sends until it closes the connection.
    static func send(_ request: String, to port: Int) throws -> String {
        let socket = try open(request, to: port)
        defer { close(socket) }
        guard shutdown(socket, Int32(SHUT_WR)) == 0 else { throw Broken() }
        return receive(from: socket)
    }

    /// Returns everything that the service sends until it closes the connection or sends nothing for a minute.
    static func receive(from connection: Int32) -> String {
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            answer += chunk[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }

    /// Opens a connection and sends `request`. The caller can send more, and must call ``close(_:)``.
    static func open(_ request: String, to port: Int) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Broken() }
        var timeout = timeval(tv_sec: 60, tv_usec: 0)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe connect(socket, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let bytes = Array(request.utf8)
        guard isConnected, unsafe Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            close(socket)
            throw Broken()
        }
        return socket
    }

    static func close(_ connection: Int32) { _ = Glibc.close(connection) }

    struct Broken: Error {}
}

/// Finds free TCP ports. Another process may take a port before the test uses it.
enum FreePort {
    static func next() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw NoFreePort() }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(socket, pointer, length) == 0 && getsockname(socket, pointer, &length) == 0
            }
        }
        guard isBound else { throw NoFreePort() }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    struct NoFreePort: Error {}
}
