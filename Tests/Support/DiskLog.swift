import Foundation

/// A log of the file operations of a process below one directory, written by `CDiskFaults`. From the log,
/// ``restore(after:_:to:)`` derives the files that survive a power failure.
///
/// The model is pessimistic. A write to a file is certain to survive only if the file was synchronized afterwards. A
/// new, renamed or removed directory entry is certain to survive only if the directory was synchronized afterwards. Any
/// other change may be lost, kept, or kept in part.
package struct DiskLog {
    package enum Entry: Equatable, Sendable {
        /// The directory whose files are logged.
        case root(inode: UInt64)
        case create(inode: UInt64, isDirectory: Bool, name: String, in: UInt64)
        case rename(inode: UInt64, name: String, in: UInt64, newName: String, newDirectory: UInt64)
        case remove(name: String, in: UInt64)
        case write(inode: UInt64, offset: Int, bytes: [UInt8], isDurable: Bool)
        case truncate(inode: UInt64, length: Int)
        /// The process forced a file's content, or a directory's entries, to disk.
        case synchronize(inode: UInt64)
        /// A text that the process added to the log, for example when it had acknowledged a write.
        case mark(String)
    }

    /// Selects which unsynchronized changes survive the simulated power failure.
    package enum Unsynchronized: Sendable {
        case lost
        case kept
        /// Each unsynchronized change is lost or kept at random. `seed` seeds the random numbers, so that a test
        /// failure can be reproduced.
        case mixed(seed: UInt64)
    }

    package var entries: [Entry]

    /// Reads the log in the file `path`.
    package init(path: String) throws {
        var reader = Reader(bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
        entries = []
        while let entry = reader.next() { entries.append(entry) }
    }

    /// The texts of the marks (``Entry/mark(_:)``) among the first `count` entries.
    package func marks(before count: Int) -> [String] {
        entries.prefix(count).compactMap { if case .mark(let text) = $0 { text } else { nil } }
    }

    /// Creates the files that remain if the power fails after the first `count` log entries.
    /// - Parameter path: an empty directory for the files.
    package func restore(after count: Int, _ unsynchronized: Unsynchronized, to path: String) throws {
        var disk = Disk()
        for entry in entries.prefix(count) { disk.apply(entry) }
        try disk.restore(unsynchronized, to: path)
    }
}

// MARK: - Reading

extension DiskLog {
    /// Decodes the log entries that `log.c` writes, in the machine's byte order.
    private struct Reader {
        let bytes: [UInt8]
        private var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        /// Reads the next log entry. Returns `nil` at the end of the log, or if the process was killed while it wrote
        /// an entry.
        mutating func next() -> Entry? {
            guard bytes.count - position >= 48 else { return nil }
            let kind = number(UInt32.self)
            let isDurable = number(UInt32.self) != 0
            let (inode, directory, other) = (number(UInt64.self), number(UInt64.self), number(UInt64.self))
            let offset = Int(number(UInt64.self))
            let (nameCount, dataCount) = (Int(number(UInt32.self)), Int(number(UInt32.self)))
            guard bytes.count - position >= nameCount + dataCount else { return nil }
            let name = String(decoding: take(nameCount), as: UTF8.self)
            let data = take(dataCount)
            switch kind {
            case 1: return .root(inode: inode)
            case 2, 3: return .create(inode: inode, isDirectory: kind == 3, name: name, in: directory)
            case 4:
                let newName = String(decoding: data, as: UTF8.self)
                return .rename(inode: inode, name: name, in: directory, newName: newName, newDirectory: other)
            case 5: return .remove(name: name, in: directory)
            case 6: return .write(inode: inode, offset: offset, bytes: data, isDurable: isDurable)
            case 7: return .truncate(inode: inode, length: offset)
            case 8: return .synchronize(inode: inode)
            case 9: return .mark(String(decoding: data, as: UTF8.self))
            default: return nil
            }
        }

        private mutating func number<Value: FixedWidthInteger>(_: Value.Type) -> Value {
            take(Value.bitWidth / 8).reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
        }

        private mutating func take(_ count: Int) -> [UInt8] {
            defer { position += count }
            return Array(bytes[position..<position + count])
        }
    }
}

// MARK: - The model

extension DiskLog {
    /// The simulated disk: all logged files and directories.
    private struct Disk {
        /// A file or directory: its content when it was last synchronized, and all later changes.
        private struct Node<Content> {
            struct Change {
                let isDurable: Bool
                let apply: (inout Content) -> Void
            }

            var content: Content
            var changes: [Change] = []

            mutating func synchronize() {
                for change in changes { change.apply(&content) }
                changes = []
            }

            func content(_ choice: inout Choice) -> Content {
                var content = content
                for change in changes where change.isDurable || choice.isKept() { change.apply(&content) }
                return content
            }
        }

        private struct Choice {
            private let unsynchronized: Unsynchronized
            private var state: UInt64 = 0

            init(_ unsynchronized: Unsynchronized) {
                self.unsynchronized = unsynchronized
                if case .mixed(let seed) = unsynchronized { state = seed }
            }

            mutating func isKept() -> Bool {
                switch unsynchronized {
                case .lost: return false
                case .kept: return true
                case .mixed:
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return state >> 63 == 1
                }
            }
        }

        private var root: UInt64?
        private var files: [UInt64: Node<[UInt8]>] = [:]
        private var directories: [UInt64: Node<[String: UInt64]>] = [:]

        /// A write is split into parts of this many bytes. Each part survives or is lost as a whole.
        private static let pageSize = 4096

        mutating func apply(_ entry: Entry) {
            switch entry {
            case .root(let inode):
                root = inode
                if directories[inode] == nil { directories[inode] = Node(content: [:]) }
            case .create(let inode, let isDirectory, let name, let parent):
                // The file system may reuse the inode number of a removed file or directory, so forget the earlier one.
                directories[inode] = isDirectory ? Node(content: [:]) : nil
                files[inode] = isDirectory ? nil : Node(content: [])
                change(parent) { $0[name] = inode }
            case .rename(let inode, let name, let source, let newName, let target):
                change(target) { entries in
                    entries[newName] = inode
                    if source == target { entries[name] = nil }
                }
                if source != target { change(source) { $0[name] = nil } }
            case .remove(let name, let parent):
                change(parent) { $0[name] = nil }
            case .write(let inode, let offset, let bytes, let isDurable):
                for start in stride(from: 0, to: bytes.count, by: Self.pageSize) {
                    let part = bytes[start..<min(start + Self.pageSize, bytes.count)]
                    files[inode]?.changes.append(
                        .init(isDurable: isDurable) { content in
                            let end = offset + start + part.count
                            if content.count < end {
                                content += [UInt8](repeating: 0, count: end - content.count)
                            }
                            content.replaceSubrange(offset + start..<end, with: part)
                        })
                }
            case .truncate(let inode, let length):
                files[inode]?.changes.append(
                    .init(isDurable: false) { content in
                        content = content.prefix(length) + [UInt8](repeating: 0, count: max(0, length - content.count))
                    })
            case .synchronize(let inode):
                files[inode]?.synchronize()
                directories[inode]?.synchronize()
            case .mark:
                break
            }
        }

        private mutating func change(_ directory: UInt64, _ apply: @escaping (inout [String: UInt64]) -> Void) {
            directories[directory]?.changes.append(.init(isDurable: false, apply: apply))
        }

        func restore(_ unsynchronized: Unsynchronized, to path: String) throws {
            var choice = Choice(unsynchronized)
            guard let root else { return }
            try restore(directory: root, &choice, to: path)
        }

        private func restore(directory inode: UInt64, _ choice: inout Choice, to path: String) throws {
            guard let directory = directories[inode] else { return }
            let content = directory.content(&choice)
            for (name, inode) in content.sorted(by: { $0.key < $1.key }) {
                let path = "\(path)/\(name)"
                if let file = files[inode] {
                    let content = Data(file.content(&choice))
                    _ = FileManager.default.createFile(
                        atPath: path, contents: content, attributes: [.posixPermissions: 0o600])
                } else {
                    try FileManager.default.createDirectory(
                        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
                    try restore(directory: inode, &choice, to: path)
                }
            }
        }
    }
}
