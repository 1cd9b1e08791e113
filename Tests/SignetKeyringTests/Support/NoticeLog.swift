import Synchronization

@testable import SignetKeyring

/// Collects the notices of a keyring.
final class NoticeLog: Sendable {
    private let notices = Mutex<[KeyringNotice]>([])

    /// The notices in order.
    var all: [KeyringNotice] { notices.withLock { $0 } }

    var notify: @Sendable (KeyringNotice) -> Void {
        { notice in self.notices.withLock { $0.append(notice) } }
    }
}
