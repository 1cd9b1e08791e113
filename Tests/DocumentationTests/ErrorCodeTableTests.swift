import Foundation
import SignetClient
import SignetVerifier
import Testing

@Suite("The pages of error codes")
struct ErrorCodeTableTests {
    /// The rows whose first cell links to a code of `type`, by the code's name.
    private func rows(
        of type: String, in page: String = "Sources/SignetVerifier/SignetVerifier.docc/ErrorCodes.md"
    ) throws -> [(code: String, cells: [String])] {
        try Document(path: page).tableRows.compactMap { cells in
            guard let link = cells.first, link.hasPrefix("``\(type)/Code/"), link.hasSuffix("``") else { return nil }
            return (String(link.dropFirst("``\(type)/Code/".count).dropLast(2)), Array(cells.dropFirst()))
        }
    }

    @Test func `has each code of a refusal once, in order, with the answer that it gets and what to do`() throws {
        let rows = try rows(of: "VerificationError")
        #expect(rows.map(\.code) == VerificationError.Code.all.map(\.rawValue))
        for row in rows {
            let challenge = BearerChallenge(VerificationError.Code(rawValue: row.code))
            let answer = challenge.error.map { "\(challenge.status) `\($0)`" } ?? "\(challenge.status)"
            try #require(row.cells.count == 3, "\(row.code): answer, meaning, advice")
            #expect(row.cells[0] == answer, "\(row.code)")
            #expect(row.cells[1].count > 20 && row.cells[2].count > 20, "\(row.code)")
        }
    }

    @Test func `has each code of a configuration error once, in order`() throws {
        #expect(
            try rows(of: "ConfigurationError").map(\.code) == ConfigurationError.Code.allCases.map(\.rawValue))
    }

    @Test func `the client's page has each code of its errors once, in order, with what to do`() throws {
        let rows = try rows(of: "ClientError", in: "Sources/SignetClient/SignetClient.docc/SignetClient.md")
        #expect(rows.map(\.code) == ClientError.Code.allCases.map(\.rawValue))
        for row in rows {
            #expect(row.cells.count == 2 && row.cells.allSatisfy { $0.count > 20 }, "\(row.code): meaning, advice")
        }
    }

    @Test func `no code that the source declares is missing from the list of all`() throws {
        let source = try Document(path: "Sources/SignetVerifier/Errors/VerificationError.swift").text
        let declared = source.matches(of: /static let (\w+) = Self\(rawValue: "(\w+)"\)/).map { match in
            #expect(match.1 == match.2)
            return String(match.1)
        }
        #expect(!declared.isEmpty)
        #expect(declared == VerificationError.Code.all.map(\.rawValue))
    }
}
