import Glibc
import NIOCore

/// A listener that cannot be opened: the port is taken, the address is not of this machine, or it needs privileges.
package struct ListenerError: Error, CustomStringConvertible {
    package let listener: ServerConfiguration.Listener
    /// The setting to change.
    package let setting: Setting
    /// What the system said.
    package let reason: String

    init(listener: ServerConfiguration.Listener, setting: Setting, cause: any Error) {
        self.listener = listener
        self.setting = setting
        reason =
            switch cause {
            case let error as IOError: unsafe String(cString: strerror(error.errnoCode))
            case is SocketAddressError: "no such address"
            default: "\(cause)"
            }
    }

    package var description: String {
        "cannot listen on \(listener.host):\(listener.port): \(reason); stop what uses it, or change "
            + "\(setting.environmentName) (--\(setting.flag))"
    }
}
