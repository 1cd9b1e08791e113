import Synchronization

@testable import SignetKeyring

/// Collects the notices that a keyring reports to the operator.
final class NoticeLog: Sendable {
    private let notices = Mutex<[KeyringNotice]>([])

    /// The collected notices, the earliest first.
    var all: [KeyringNotice] { notices.withLock { $0 } }

    var notify: @Sendable (KeyringNotice) -> Void {
        { notice in self.notices.withLock { $0.append(notice) } }
    }
}
