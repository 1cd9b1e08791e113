import Foundation
import TestSupport
import Testing

@Suite("The .env file", .timeLimit(.minutes(10)))
struct SettingFileTests {
    @Test
    func `Lines may begin with export, and a warning names each line or variable that is ignored`()
        async throws
    {
        let directory = TemporaryDirectory()
        let lines = [
            "# SIGNET_ISSUE=a comment", "export SIGNET_JWKS_MAX_AGE=90s\r", "",
            "  export\tSIGNET_PASSWORD_MIN_LENGTH = 30 ",
            "PATH=/nowhere", "exportSIGNET_X=1", "SIGNET_PROT=hunter2", "SIGNET_LOG_LEVEL: debug",
        ]
        try Data(lines.joined(separator: "\n").utf8).write(to: directory.url.appending(path: ".env"))
        let issuer = try await RunningIssuer.start(settings: ["SIGNET_COLOUR_SCHEME": "dark"], in: directory)
        let keys = try await HTTPCall.get(issuer.url + "/.well-known/jwks.json")
        #expect(keys.header("Cache-Control") == "public, max-age=90")
        let short = try await HTTPCall.post(
            issuer.url + "/api/register",
            json: ["name": "Ada", "email": "ada@example.com", "password": "correct horse battery"])
        #expect(short.status == 400 && short.text.contains("30"))

        let warnings = issuer.messages.split(separator: "\n").filter { $0.contains(" warning ") }
        #expect(warnings.count == 3, "\(warnings)")
        for parts in [
            ["in=.env", "name=SIGNET_PROT", "did you mean SIGNET_PORT?"],
            ["in=environment", "name=SIGNET_COLOUR_SCHEME", "signet serve --help"], ["in=.env", "line=8"],
        ] {
            #expect(warnings.contains { line in parts.allSatisfy { line.contains($0) } }, "\(parts)")
        }
        #expect(!issuer.messages.contains("hunter2"))
        // The command `users list` must also read the setting `SIGNET_DATA` from the `.env` file.
        try Data("export SIGNET_DATA=/nowhere\n".utf8).write(to: directory.url.appending(path: ".env"))
        let astray = try await SignetCommand.run(["users", "list"], directory: directory.url)
        #expect(astray.status == 73 && astray.errors.contains("/nowhere"))
    }

    @Test func `A file that cannot be read stops the command with the reason`() async throws {
        for make in [
            { (file: URL) in try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false) },
            { try Data(repeating: 0xFF, count: 10).write(to: $0) },
            { try Data(repeating: UInt8(ascii: "#"), count: 1 << 20 + 1).write(to: $0) },
        ] {
            let directory = TemporaryDirectory()
            try make(directory.url.appending(path: ".env"))
            let result = try await SignetCommand.run(["serve"], directory: directory.url)
            #expect(result.status == 78)
            #expect(result.errors.hasPrefix("signet: the file .env "))
            #expect(result.errors.split(separator: "\n").count == 1)
        }
    }
}
