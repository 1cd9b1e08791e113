/// A listener that cannot be opened: the port is taken, the address is not of this machine, or it needs privileges.
package struct ListenerError: Error, CustomStringConvertible {
    package let listener: ServerConfiguration.Listener
    /// The setting to change.
    package let setting: Setting
    /// What the system said.
    package let reason: String

    package var description: String {
        "cannot listen on \(listener.host):\(listener.port) (\(reason)); stop what uses it, or set "
            + "\(setting.environmentName)"
    }
}
