import SignetVerifier
import Synchronization

/// Remembers everything that a verifier and its sources report.
final class RecordingObserver: VerifierObserver {
    private let state = Mutex((verifications: [VerificationError.Code?](), fetches: [FetchReport]()))

    /// One element for each verified token, in order: the code of the refusal, or `nil` if the token was accepted.
    var verifications: [VerificationError.Code?] { state.withLock { $0.verifications } }
    var fetches: [FetchReport] { state.withLock { $0.fetches } }

    func verificationEnded(_ refusal: VerificationError?) {
        state.withLock { $0.verifications.append(refusal?.code) }
    }

    func fetchEnded(_ fetch: FetchReport) { state.withLock { $0.fetches.append(fetch) } }
}
