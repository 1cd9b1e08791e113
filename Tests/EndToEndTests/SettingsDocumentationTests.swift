import Foundation
import SignetServer
import TestSupport
import Testing

@Suite("Documentation of settings", .timeLimit(.minutes(10)))
struct SettingsDocumentationTests {
    @Test func `The README's table lists exactly the settings, with their defaults`() throws {
        let readme = try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
        let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| `SIGNET_") }.map(String.init)
        let expected = Setting.allCases.map { setting in
            let fallback = setting.defaultValue.map { "`\($0)`" } ?? setting.defaultText
            let flag = setting.hasFlag ? "`--\(setting.flag)`" : "none: it is a secret"
            return "| `\(setting.environmentName)` | \(flag) | \(fallback) | \(setting.summary) |"
        }
        #expect(rows == expected)
    }

    @Test func `serve --help lists every flag with its variable and its default`() async throws {
        let directory = TemporaryDirectory()
        let result = try await SignetCommand.run(["serve", "--help"], directory: directory.url)
        let text = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for setting in Setting.allCases where setting.hasFlag {
            #expect(text.contains("--\(setting.flag) <"))
            #expect(text.contains("(\(setting.environmentName); default: \(setting.defaultText))"))
        }
    }
}
