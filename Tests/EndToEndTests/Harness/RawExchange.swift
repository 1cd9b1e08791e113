import Glibc

/// Bytes to the service and back over a socket of their own, for requests that no HTTP client would send.
enum RawExchange {
    /// Sends `request`, says that no more will come, and reads until the service closes.
    static func send(_ request: String, to port: Int) throws -> String {
        let socket = try open(request, to: port)
        defer { close(socket) }
        guard shutdown(socket, Int32(SHUT_WR)) == 0 else { throw Broken() }
        return receive(from: socket)
    }

    /// Everything that comes over `connection` until the service closes it.
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

    /// A connection on which `request` has been sent, and more may come; to be closed by ``close(_:)``.
    static func open(_ request: String, to port: Int) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Broken() }
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
