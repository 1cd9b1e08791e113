import SignetVerifier

func advice(for error: VerificationError) -> String {
    if error.isTemporary { return "Try again in \(error.challenge.retryAfter ?? 5) s." }
    switch error.code {
    case .expired, .tooOld: return "Refresh the token and send the request again."
    case .insufficientScope: return "Ask for \(error.challenge.scopes.sorted().joined(separator: " "))."
    default: return "Log in again."
    }
}
