import SignetIssuer
import SignetKeyring
import SignetServer
import SignetStore

/// Why a command failed: one line for a person and an exit code for a script.
struct Failure: Error {
    /// Exit codes, after sysexits.h.
    enum Code {
        /// The command was refused, or the user, session, client or key that the command names does not exist.
        static let refused: Int32 = 1
        /// A file, directory or port does not exist or cannot be created or used.
        static let cannotCreate: Int32 = 73
        /// A setting, a key or the store is invalid or damaged.
        static let configuration: Int32 = 78
    }

    let message: String
    let exitCode: Int32

    init(_ message: String, exitCode: Int32 = Code.refused) {
        self.message = message
        self.exitCode = exitCode
    }

    /// Chooses the message and the exit code for a command that ended with `error`.
    init(describing error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as SettingError: self.init(error.description, exitCode: Code.configuration)
        case let error as StoreError: self.init(error)
        case let error as KeyringError: self.init(error)
        case let error as IssuerError: self.init(error)
        case let error as ListenerError: self.init(error.description, exitCode: Code.cannotCreate)
        case let error as DescriptorLimitError: self.init(error.description, exitCode: Code.cannotCreate)
        default: self.init("\(error)")
        }
    }

    /// Chooses the message and the exit code for a command that cannot use the passphrase of the key files.
    init(ofPassphrase error: KeyringError) {
        let code =
            switch error.code {
            case .inaccessible: Code.cannotCreate
            default: Code.configuration
            }
        self.init("the passphrase of the keys cannot be used: \(error.detail)", exitCode: code)
    }

    private init(_ error: StoreError) {
        let code =
            switch error.code {
            case .corrupt, .newerVersion: Code.configuration
            case .inaccessible, .full: Code.cannotCreate
            default: Code.refused
            }
        let advice = error.code == .inaccessible ? "; is SIGNET_DATA (--data) right?" : ""
        self.init("the store cannot be used: \(error.detail)\(advice)", exitCode: code)
    }

    private init(_ error: KeyringError) {
        switch error.code {
        case .refused: self.init(error.detail)
        case .passphraseWrong, .passphraseUnusable: self.init(error.detail, exitCode: Code.configuration)
        case .missing, .inaccessible:
            self.init("the keys cannot be used: \(error.detail)", exitCode: Code.cannotCreate)
        default: self.init("the keys cannot be used: \(error.detail)", exitCode: Code.configuration)
        }
    }

    private init(_ error: IssuerError) {
        let faults = error.fields.map(\.message).joined(separator: " ")
        self.init(faults.isEmpty ? error.detail : faults)
    }
}
