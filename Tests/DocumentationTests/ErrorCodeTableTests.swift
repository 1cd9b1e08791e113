import Foundation
import SignetClient
import SignetVerifier
import Testing

@Suite("The pages of error codes")
struct ErrorCodeTableTests {
    /// Returns the table rows of `page` whose first cell links to an error code of `type`: the name of the code, and
    /// the cells after the first.
    private func rows(
        of type: String, in page: String = "Sources/SignetVerifier/SignetVerifier.docc/ErrorCodes.md"
    ) throws -> [(code: String, cells: [String])] {
        try Document(path: page).tableRows.compactMap { cells in
            guard let link = cells.first, link.hasPrefix("``\(type)/Code/"), link.hasSuffix("``") else { return nil }
            return (String(link.dropFirst("``\(type)/Code/".count).dropLast(2)), Array(cells.dropFirst()))
        }
    }

    @Test func `list each verification error once, in order, with its HTTP answer and advice`() throws {
        let rows = try rows(of: "VerificationError")
        #expect(rows.map(\.code) == VerificationError.Code.all.map(\.rawValue))
        for row in rows {
            let challenge = BearerChallenge(VerificationError.Code(rawValue: row.code))
            let answer = challenge.error.map { "\(challenge.status) `\($0)`" } ?? "\(challenge.status)"
            try #require(row.cells.count == 4, "\(row.code): answer, meaning, where to look first, advice")
            #expect(row.cells[0] == answer, "\(row.code)")
            #expect(row.cells.dropFirst().allSatisfy { $0.count > 20 }, "\(row.code)")
        }
    }

    @Test func `list each configuration error once, in order`() throws {
        #expect(
            try rows(of: "ConfigurationError").map(\.code) == ConfigurationError.Code.allCases.map(\.rawValue))
    }

    @Test func `list each client error once, in order, with advice`() throws {
        let rows = try rows(of: "ClientError", in: "Sources/SignetClient/SignetClient.docc/SignetClient.md")
        #expect(rows.map(\.code) == ClientError.Code.allCases.map(\.rawValue))
        for row in rows {
            #expect(row.cells.count == 2 && row.cells.allSatisfy { $0.count > 20 }, "\(row.code): meaning, advice")
        }
    }

    @Test func `are complete: the list of all codes has every declared code`() throws {
        let source = try Document(path: "Sources/SignetVerifier/Errors/VerificationError.swift").text
        let declared = source.matches(of: /static let (\w+) = Self\(rawValue: "(\w+)"\)/).map { match in
            #expect(match.1 == match.2)
            return String(match.1)
        }
        #expect(!declared.isEmpty)
        #expect(declared == VerificationError.Code.all.map(\.rawValue))
    }
}
