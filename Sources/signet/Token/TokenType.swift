import ArgumentParser
import SignetVerifier

/// What `--type` accepts.
enum TokenType: String, ExpressibleByArgument, CaseIterable {
    case accessToken = "at+jwt"
    case any

    var allowedTypes: AllowedTypes {
        switch self {
        case .accessToken: .accessToken
        case .any: .any
        }
    }
}
