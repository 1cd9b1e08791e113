import ArgumentParser
import Hummingbird
import Logging
import NIOCore

/// `http-floor hummingbird`: a Hummingbird server whose routes answer with fixed bytes.
struct BareHummingbird: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hummingbird",
        abstract: "Serve GET and POST /N with a body of N bytes, for each given size.")

    @Option(help: "Port on 127.0.0.1.") var port: Int
    @Option(name: .customLong("size"), help: "Size of an answer's body in bytes (repeatable).") var sizes: [Int]

    func run() async throws {
        let router = Router()
        for size in Set(sizes) {
            let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: size)
            let response = Response(
                status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: body))
            router.get("\(size)") { _, _ in response }
            router.post("\(size)") { request, _ in
                _ = try await request.body.collect(upTo: 64 * 1024)
                return response
            }
        }
        var logger = Logger(label: "http-floor")
        logger.logLevel = .error
        try await Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger
        ).runService()
    }
}
