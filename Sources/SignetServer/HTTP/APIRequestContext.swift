package import Hummingbird
package import NIOCore

/// What a route knows of a request besides the request itself.
package struct APIRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Network address of the other end of the connection, without its port, or what trusted proxies say it is; empty
    /// when it has none.
    package var remoteAddress: String
    /// The connection.
    package let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? ""
    }

    /// Largest body that is read: 16 KiB.
    package var maxUploadSize: Int { 16 * 1024 }
}
