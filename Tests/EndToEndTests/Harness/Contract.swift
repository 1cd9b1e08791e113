import Foundation
import Yams

/// The operations of the HTTP API, and the statuses that `openapi.yaml` documents for them.
struct Contract: Sendable {
    struct Operation: Hashable, Comparable, CustomStringConvertible {
        let method: String
        let path: String

        var description: String { "\(method) \(path)" }
        static func < (left: Operation, right: Operation) -> Bool { left.description < right.description }
    }

    /// The HTTP statuses that `openapi.yaml` documents for each operation.
    let statuses: [Operation: Set<Int>]
    let operationIDs: [Operation: String]

    /// The contract that `openapi.yaml` describes. If that file cannot be read, the contract has no operations, and
    /// ``check(method:url:status:)`` throws an error.
    static let shared = (try? Contract()) ?? Contract(statuses: [:], operationIDs: [:])

    private init(statuses: [Operation: Set<Int>], operationIDs: [Operation: String]) {
        self.statuses = statuses
        self.operationIDs = operationIDs
    }

    init() throws {
        let text = try String(contentsOf: Repository.root.appending(path: "openapi.yaml"), encoding: .utf8)
        let document = try Yams.load(yaml: text) as? [String: Any]
        let paths = document?["paths"] as? [String: [String: Any]] ?? [:]
        var statuses: [Operation: Set<Int>] = [:]
        var operationIDs: [Operation: String] = [:]
        for (path, item) in paths {
            for (method, operation) in item {
                guard let operation = operation as? [String: Any] else { continue }
                let key = Operation(method: method.uppercased(), path: path)
                let responses = operation["responses"] as? [String: Any] ?? [:]
                statuses[key] = Set(responses.keys.compactMap { Int($0) })
                operationIDs[key] = operation["operationId"] as? String
            }
        }
        self.statuses = statuses
        self.operationIDs = operationIDs
    }

    struct Unreadable: Error {}

    struct Undocumented: Error {
        let operation: Operation
        let status: Int
    }

    /// Throws an error if `openapi.yaml` does not list `status` for the operation.
    func check(method: String, url: String, status: Int) throws {
        guard !statuses.isEmpty else { throw Unreadable() }
        guard let path = URL(string: url)?.path(percentEncoded: true) else { return }
        let matching = statuses.filter { $0.key.method == method && Self.matches(path, template: $0.key.path) }
        guard let (operation, documented) = matching.first else { return }
        AnswerLog.note(operation, status: status)
        guard !documented.contains(status) else { return }
        throw Undocumented(operation: operation, status: status)
    }

    /// Whether a path matches a template with `{name}` segments.
    private static func matches(_ path: String, template: String) -> Bool {
        let segments = path.split(separator: "/")
        let pattern = template.split(separator: "/")
        return segments.count == pattern.count
            && zip(segments, pattern).allSatisfy { segment, part in part.hasPrefix("{") || segment == part }
    }
}

/// Appends the operation and status of each answer to the file that the variable `SIGNET_TEST_ANSWERS` names.
/// `Tests/Contract/answers.py` reads that file and reports documented statuses that no test has received.
enum AnswerLog {
    private static let handle: FileHandle? = {
        guard let path = ProcessInfo.processInfo.environment["SIGNET_TEST_ANSWERS"] else { return nil }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        return descriptor < 0 ? nil : FileHandle(fileDescriptor: descriptor)
    }()

    static func note(_ operation: Contract.Operation, status: Int) {
        // Write each line with one call in append mode, so that lines of concurrent tests do not mix.
        try? handle?.write(contentsOf: Data("\(operation) \(status)\n".utf8))
    }
}
