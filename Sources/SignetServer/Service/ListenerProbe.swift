import NIOCore
import NIOPosix

/// Finds out whether the listeners can be opened before anything else is touched.
enum ListenerProbe {
    /// Binds the address and lets go of it again.
    /// - Throws: ``ListenerError``.
    static func check(_ listener: ServerConfiguration.Listener, setting: Setting) async throws {
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: listener.host, port: listener.port)
                .get()
            try await channel.close()
        } catch {
            throw ListenerError(listener: listener, setting: setting, cause: error)
        }
    }
}
