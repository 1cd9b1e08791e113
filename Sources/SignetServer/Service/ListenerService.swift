import Glibc
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Runs one HTTP listener. If the listener cannot bind to its address and port, the error names the setting to change.
struct ListenerService: Service {
    private let application: any Service
    private let listener: ServerConfiguration.Listener
    private let setting: Setting

    init(_ application: some Service, listener: ServerConfiguration.Listener, setting: Setting) {
        self.application = application
        self.listener = listener
        self.setting = setting
    }

    /// Accepts connections and serves requests until the service group shuts down.
    /// - Throws: ``ListenerError`` if the listener cannot bind.
    func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListenerError(listener: listener, setting: setting, cause: error)
        } catch let error as SocketAddressError {
            throw ListenerError(listener: listener, setting: setting, cause: error)
        }
    }

    /// Checks that a listener can bind to its address and port. Binds a socket but does not listen on it, so no client
    /// can connect before the service is ready.
    /// - Parameter setting: the setting of the listener's port, which the error names.
    /// - Throws: ``ListenerError`` if the listener cannot bind.
    static func check(_ listener: ServerConfiguration.Listener, setting: Setting) async throws {
        do {
            let address = try SocketAddress.makeAddressResolvingHost(listener.host, port: listener.port)
            let descriptor = socket(CInt(address.protocol.rawValue), CInt(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
            defer { close(descriptor) }
            var reuse: CInt = 1
            unsafe setsockopt(
                descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout.size(ofValue: reuse)))
            let result = unsafe address.withSockAddr { unsafe bind(descriptor, $0, socklen_t($1)) }
            guard result == 0 else { throw IOError(errnoCode: errno, reason: "bind") }
        } catch {
            throw ListenerError(listener: listener, setting: setting, cause: error)
        }
    }
}

/// A listener could not bind: the port is in use, the address is not local, or the process lacks the privilege.
package struct ListenerError: Error, CustomStringConvertible {
    package let listener: ServerConfiguration.Listener
    /// The operating system's reason why the listener could not bind.
    package let reason: String
    /// Tells the operator which settings to change.
    package let advice: String

    init(listener: ServerConfiguration.Listener, setting: Setting, cause: any Error) {
        self.listener = listener
        let port = Self.name(setting)
        let host = Self.name(setting == .port ? .host : .opsHost)
        switch cause {
        case let error as IOError:
            reason = unsafe String(cString: strerror(error.errnoCode))
            advice =
                switch error.errnoCode {
                case EADDRINUSE where setting == .port:
                    "stop the process that uses the port, or change \(port), and the port in \(Self.name(.issuer)) if it names one"
                case EADDRINUSE: "stop the process that uses the port, or change \(port)"
                case EADDRNOTAVAIL: "change \(host)"
                default: "change \(port) or \(host)"
                }
        case is SocketAddressError:
            reason = "no such address"
            advice = "change \(host)"
        default:
            reason = "\(cause)"
            advice = "change \(port) or \(host)"
        }
    }

    package var description: String {
        "cannot listen on \(listener.host):\(listener.port): \(reason); \(advice)"
    }

    private static func name(_ setting: Setting) -> String { "\(setting.environmentName) (--\(setting.flag))" }
}

/// Counts the listeners that accept connections. Calls a closure once, when all expected listeners accept connections.
final class ListenerCount: Sendable {
    private let missing: Mutex<Int>
    private let onComplete: @Sendable () -> Void

    init(expected: Int, onComplete: @escaping @Sendable () -> Void) {
        missing = Mutex(expected)
        self.onComplete = onComplete
    }

    /// Counts one more listener that accepts connections. The last expected listener triggers the call of the closure.
    func add() {
        let isComplete = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if isComplete { onComplete() }
    }
}
