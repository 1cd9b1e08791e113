package import Hummingbird
package import NIOCore

// This folder holds the framework around the routes: requests, responses, errors, the route table and middleware for
// every listener. It knows no endpoint, no setting and no service.

/// The properties of a request that come from its connection.
package struct APIRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The client's IP address without a port; empty if the connection has none.
    ///
    /// The address is the peer of the connection, unless a trusted proxy forwarded the request.
    package var remoteAddress: String
    package let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? ""
    }

    /// Largest request body that a route reads: 16 KiB.
    package var maxUploadSize: Int { 16 * 1024 }
}
