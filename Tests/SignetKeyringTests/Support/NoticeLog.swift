import Synchronization

@testable import SignetKeyring

/// Hears what there is to say about a directory of keys.
final class NoticeLog: Sendable {
    private let notices = Mutex<[KeyringNotice]>([])

    /// What was said, in order.
    var all: [KeyringNotice] { notices.withLock { $0 } }

    var notify: @Sendable (KeyringNotice) -> Void {
        { notice in self.notices.withLock { $0.append(notice) } }
    }
}
