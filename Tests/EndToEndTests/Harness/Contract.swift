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
    private var issuerPath = ""

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

    /// This contract for an issuer identifier with a path. Requests may then have the issuer's path before the
    /// documented path, or after the path of a well-known document (RFC 8414 section 3.1).
    func below(_ issuerPath: String) -> Contract {
        var contract = self
        contract.issuerPath = issuerPath
        return contract
    }

    /// Throws an error if `openapi.yaml` does not list `status` for the operation. If no operation has the method and
    /// the path of `url`, throws an error unless the status refuses the request; see ``isRefusal(_:of:at:)``.
    func check(method: String, url: String, status: Int) throws {
        guard !statuses.isEmpty, let path = URL(string: url)?.path(percentEncoded: true) else { throw Unreadable() }
        let paths = paths(of: path.isEmpty ? "/" : path)
        // The response to HEAD has the status of the response to GET (RFC 9110 section 9.3.2).
        let documentedMethod = method == "HEAD" ? "GET" : method
        let matching = statuses.filter { operation, _ in
            operation.method == documentedMethod && paths.contains { Self.matches($0, template: operation.path) }
        }
        guard let (operation, documented) = matching.first else {
            guard isRefusal(status, of: method, at: paths) else {
                throw Undocumented(operation: Operation(method: method, path: path), status: status)
            }
            return
        }
        if method == operation.method { AnswerLog.note(operation, status: status) }
        guard !documented.contains(status) else { return }
        throw Undocumented(operation: operation, status: status)
    }

    /// Whether `status` is an answer that a request without an operation in `openapi.yaml` may get: 404 or 405, 400 for
    /// a method that the HTTP decoder does not know, or 204 for a CORS preflight of a documented path.
    private func isRefusal(_ status: Int, of method: String, at paths: [String]) -> Bool {
        if method == "OPTIONS", status == 204 {
            return statuses.keys.contains { key in paths.contains { Self.matches($0, template: key.path) } }
        }
        return [400, 404, 405].contains(status)
    }

    /// `path`, and `path` without the path of the issuer identifier.
    private func paths(of path: String) -> [String] {
        guard !issuerPath.isEmpty else { return [path] }
        var paths = [path]
        if path.hasPrefix(issuerPath + "/") { paths.append(String(path.dropFirst(issuerPath.count))) }
        if path.hasPrefix("/.well-known/"), path.hasSuffix(issuerPath) {
            paths.append(String(path.dropLast(issuerPath.count)))
        }
        return paths
    }

    /// Whether a path matches a template with `{name}` segments.
    private static func matches(_ path: String, template: String) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        let pattern = template.split(separator: "/", omittingEmptySubsequences: false)
        return segments.count == pattern.count
            && zip(segments, pattern).allSatisfy { segment, part in
                part.hasPrefix("{") ? !segment.isEmpty : segment == part
            }
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
