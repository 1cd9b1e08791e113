import LocalFiles
import SignetServer

/// A `.env` file: one `NAME=value` per line, with or without `export` before the name.
///
/// Blank lines and lines that begin with `#` are ignored. Values are taken literally, without quotes. If a name occurs
/// more than once, its last line counts.
struct SettingFile {
    /// The path of the file, in the working directory.
    static let name = ".env"
    /// The maximum size of the file, in bytes.
    private static let maximumCount = 1 << 20

    /// The values in the file, by variable name.
    private(set) var values: [String: String] = [:]
    /// The numbers of lines that name a `SIGNET_` variable but have no `=`. The first line of the file has number 1.
    private(set) var linesWithoutValue: [Int] = []

    init(_ text: String) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            var rest = Self.trimmed(line)
            if rest.hasPrefix("export"), let space = rest.dropFirst("export".count).first, space.isWhitespace {
                rest = Self.trimmed(rest.dropFirst("export".count))
            }
            guard !rest.isEmpty, rest.first != "#" else { continue }
            guard let equals = rest.firstIndex(of: "=") else {
                if rest.hasPrefix(Setting.environmentPrefix) { linesWithoutValue.append(index + 1) }
                continue
            }
            values[String(Self.trimmed(rest[..<equals]))] = String(Self.trimmed(rest[rest.index(after: equals)...]))
        }
    }

    /// Reads the `.env` file. If the file does not exist, the result has no values.
    /// - Throws: ``Failure`` if the file exists and cannot be read, is not UTF-8 or is larger than 1 MiB.
    static func read() throws(Failure) -> SettingFile {
        let bytes: [UInt8]
        do {
            bytes = try ReadableFile(path: name, kind: .any).read(maximumBytes: maximumCount)
        } catch {
            guard error.code != .missing else { return SettingFile("") }
            throw unusable(error.reason)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw unusable("is not UTF-8 text") }
        return SettingFile(text)
    }

    private static func unusable(_ reason: String) -> Failure {
        Failure(
            "the file \(name) in the working directory \(reason); correct or remove it",
            exitCode: Failure.Code.configuration)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
