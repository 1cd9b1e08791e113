import Foundation
import Yams

/// `openapi.yaml`, as far as tests hold the server to it.
struct Contract: Sendable {
    struct Operation: Hashable, Comparable, CustomStringConvertible {
        let method: String
        let path: String

        var description: String { "\(method) \(path)" }
        static func < (left: Operation, right: Operation) -> Bool { left.description < right.description }
    }

    /// Every operation with the statuses that it lists.
    let statuses: [Operation: Set<Int>]
    let operationIDs: [Operation: String]

    /// Empty, and so refused by every test, when the document cannot be read.
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

    /// Throws when a documented operation answered with a status that the document does not list for it.
    func check(method: String, url: String, status: Int) throws {
        guard !statuses.isEmpty else { throw Unreadable() }
        guard let path = URL(string: url)?.path(percentEncoded: true) else { return }
        let matching = statuses.filter { $0.key.method == method && Self.matches(path, template: $0.key.path) }
        guard let (operation, documented) = matching.first else { return }
        AnswerLog.note(operation, status: status)
        guard !documented.contains(status) else { return }
        throw Undocumented(operation: operation, status: status)
    }

    /// Whether a path is an instance of a template with `{name}` segments.
    private static func matches(_ path: String, template: String) -> Bool {
        let segments = path.split(separator: "/")
        let pattern = template.split(separator: "/")
        return segments.count == pattern.count
            && zip(segments, pattern).allSatisfy { segment, part in part.hasPrefix("{") || segment == part }
    }
}
