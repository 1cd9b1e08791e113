/// Whether a verifier can check tokens now, for example for a health route.
public struct VerifierReadiness: Sendable, Hashable {
    /// Whether the verifier has the issuer's keys, so that tokens can be checked.
    public let isReady: Bool
    /// One line for each source that fails at the moment, for an operator. During an outage there are lines even if
    /// cached keys or status lists keep the verifier ready. Do not show these lines to strangers: they name the
    /// issuer's URLs.
    public let problems: [String]
}

extension Verifier {
    /// The states of the issuer's keys and of all status lists in memory. A ``StaticKeySource`` has no state.
    public var sourceStates: [SourceState] {
        (source.sourceState.map { [$0] } ?? []) + (statuses?.sourceStates ?? [])
    }

    /// Says whether tokens can be checked now, and which sources fail.
    ///
    /// If no keys are in memory, the call fetches them, so a service without traffic becomes ready, too. Frequent calls
    /// do not burden the issuer: at most one fetch is in progress, and after a failed fetch there is a pause. A missing
    /// status list does not make a verifier unready, because lists are fetched only while tokens name them.
    public func readiness() async -> VerifierReadiness {
        do throws(VerificationError) {
            try await warmUp()
            return VerifierReadiness(isReady: true, problems: sourceStates.filter(\.isFailing).map(\.description))
        } catch {
            let others = sourceStates.filter { $0.isFailing && $0.kind != .keys }.map(\.description)
            return VerifierReadiness(isReady: false, problems: [error.detail] + others)
        }
    }
}
