import NIOCore
import ServiceLifecycle

/// One listener in the service group. Says which one it was when it cannot bind.
struct ListenerService: Service {
    private let application: any Service
    private let listener: ServerConfiguration.Listener
    private let setting: Setting

    init(_ application: some Service, listener: ServerConfiguration.Listener, setting: Setting) {
        self.application = application
        self.listener = listener
        self.setting = setting
    }

    func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListenerError(listener: listener, setting: setting, cause: error)
        } catch let error as SocketAddressError {
            throw ListenerError(listener: listener, setting: setting, cause: error)
        }
    }
}
