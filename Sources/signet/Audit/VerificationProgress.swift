import Glibc
import SignetIssuer

/// Tells a person who waits how far a verification is, every two seconds.
final class VerificationProgress {
    private static let interval = Duration.seconds(2)

    private let isWanted = isatty(STDERR_FILENO) == 1
    private var last = Duration.uptime()

    func report(_ checked: UInt64) {
        guard isWanted, Duration.uptime() - last >= Self.interval else { return }
        last = .uptime()
        StandardError.write("\(checked) records checked …")
    }
}
