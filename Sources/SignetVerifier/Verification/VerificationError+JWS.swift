import JOSE

extension VerificationError {
    /// The refusal of a token that is no acceptable JWS.
    init(_ error: JWSError) {
        let code: Code =
            switch error.code {
            case .tooLarge: .tokenTooLarge
            case .malformedShape, .malformedEncoding: .malformedToken
            case .malformedHeader: .malformedHeader
            case .unsupportedAlgorithm: .unsupportedAlgorithm
            case .unsupportedExtension: .unsupportedExtension
            }
        self.init(code, error.detail)
    }
}
