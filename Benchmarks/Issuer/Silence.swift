import Logging

/// A logger that says nothing.
enum Silence {
    static let logger = Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() }
}
