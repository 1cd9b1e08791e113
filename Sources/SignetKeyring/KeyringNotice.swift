/// What whoever runs the process should hear about the directory of the keys, though nothing is wrong with it now.
package enum KeyringNotice: Sendable, Hashable {
    /// Members of the directory's group could change what is in it; that was taken from them.
    case tightened(directory: String)
    /// Another process holds the lock, and this one waits until it lets go.
    case waiting(lock: String)

    /// What happened, as a sentence.
    package var text: String {
        switch self {
        case .tightened(let directory):
            "Members of the group could write to \(directory), and so replace the keys; took that from them (chmod go-w)."
        case .waiting(let lock): "Another process holds \(lock); waiting for it."
        }
    }
}
