import Glibc
import NIOCore

/// A listener that cannot be opened: the port is taken, the address is not of this machine, or it needs privileges.
package struct ListenerError: Error, CustomStringConvertible {
    package let listener: ServerConfiguration.Listener
    /// What the system said.
    package let reason: String
    /// What to do about it: the settings to change.
    package let advice: String

    /// - Parameter setting: that of the listener's port.
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
                    "stop what uses it, or change \(port), and \(Self.name(.issuer)) with it where that names the port"
                case EADDRINUSE: "stop what uses it, or change \(port)"
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
