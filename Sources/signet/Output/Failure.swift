import SignetIssuer
import SignetKeyring
import SignetServer
import SignetStore

/// Why a command failed: one line for a person and an exit code for a script.
struct Failure: Error {
    /// Exit codes, after sysexits.h.
    enum Code {
        /// What was asked for is not there or was refused.
        static let refused: Int32 = 1
        /// A file, directory or port cannot be created or used, or is not there.
        static let cannotCreate: Int32 = 73
        /// A setting, key or store is not usable as it is.
        static let configuration: Int32 = 78
    }

    let message: String
    let exitCode: Int32

    init(_ message: String, exitCode: Int32 = Code.refused) {
        self.message = message
        self.exitCode = exitCode
    }

    init(_ error: SettingError) {
        self.init(error.description, exitCode: Code.configuration)
    }

    init(_ error: StoreError) {
        let code =
            switch error.code {
            case .corrupt, .newerVersion: Code.configuration
            case .inaccessible, .full: Code.cannotCreate
            default: Code.refused
            }
        let advice = error.code == .inaccessible ? "; is SIGNET_DATA (--data) right?" : ""
        self.init("the store cannot be used: \(error.detail)\(advice)", exitCode: code)
    }

    init(_ error: KeyringError) {
        guard error.code != .refused else {
            self.init(error.detail)
            return
        }
        let code =
            switch error.code {
            case .missing, .inaccessible: Code.cannotCreate
            default: Code.configuration
            }
        self.init("the keys cannot be used: \(error.detail)", exitCode: code)
    }

    init(_ error: IssuerError) {
        let faults = error.fields.map(\.message).joined(separator: " ")
        self.init(faults.isEmpty ? error.detail : faults)
    }

    /// Any error of the rooms below, in the operator's words.
    init(describing error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as SettingError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as KeyringError: self.init(error)
        case let error as IssuerError: self.init(error)
        case let error as ListenerError:
            self.init(error.description, exitCode: Code.cannotCreate)
        default: self.init("\(error)")
        }
    }
}
