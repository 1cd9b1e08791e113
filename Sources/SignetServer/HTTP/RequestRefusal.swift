import HTTPTypes

/// Why a request is refused before any operation sees it.
enum RequestRefusal: Error, Equatable {
    case bodyTooLarge
    case unsupportedMediaType(expected: String)
    case malformed(String)

    /// The refusal behind a status that the framework reports.
    init(status: HTTPResponse.Status) {
        switch status {
        case .contentTooLarge: self = .bodyTooLarge
        default: self = .malformed("The request could not be read.")
        }
    }

    var status: HTTPResponse.Status {
        switch self {
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .malformed: .badRequest
        }
    }

    /// For the caller: what was wrong and what is expected.
    var message: String {
        switch self {
        case .bodyTooLarge: "The body is larger than 16 KiB."
        case .unsupportedMediaType(let expected): "The body must be \(expected); say so in Content-Type."
        case .malformed(let fault): fault
        }
    }
}
