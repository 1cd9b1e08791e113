import Glibc

/// A `.env` file: one `NAME=value` a line, with or without `export` before it. Blank lines and those that begin with
/// `#` are passed over; values stand as they are, without quotes; the last line of a name counts.
struct SettingFile {
    /// Far more than all settings take.
    private static let maximumCount = 1 << 20

    /// By name.
    private(set) var values: [String: String] = [:]
    /// The numbers of lines, from 1, that begin like a setting and have no `=`.
    private(set) var linesWithoutValue: [Int] = []

    init(_ text: String) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            var rest = Self.trimmed(line)
            if rest.hasPrefix("export"), let space = rest.dropFirst("export".count).first, space.isWhitespace {
                rest = Self.trimmed(rest.dropFirst("export".count))
            }
            guard !rest.isEmpty, rest.first != "#" else { continue }
            guard let equals = rest.firstIndex(of: "=") else {
                if rest.hasPrefix(UnknownSettings.prefix) { linesWithoutValue.append(index + 1) }
                continue
            }
            values[String(Self.trimmed(rest[..<equals]))] = String(Self.trimmed(rest[rest.index(after: equals)...]))
        }
    }

    /// Reads the file; no file is one without lines.
    /// - Throws: ``Failure`` when it cannot be read, is no UTF-8, or is larger than any such file.
    static func read(_ path: String) throws -> SettingFile {
        if unsafe access(path, F_OK) != 0, errno == ENOENT { return SettingFile("") }
        guard let bytes = try? BoundedFile.read(path, upTo: maximumCount + 1), bytes.count <= maximumCount,
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw Failure(
                "the file \(path) cannot be read, is no UTF-8, or is larger than 1 MiB",
                exitCode: Failure.Code.configuration)
        }
        return SettingFile(text)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
