import SignetStore
import SignetVerifier
import Testing

@testable import SignetIssuer

@Suite struct IssuerErrorTests {
    @Test(arguments: StoreError.Code.allCases)
    func `a store that cannot answer is busy or unavailable, and a wrong demand on it is internal`(
        code: StoreError.Code
    ) async {
        let expected: IssuerError.Code =
            switch code {
            case .busy: .busy
            case .conflict, .notFound, .invalidRecord: .internal
            case .full, .closed, .outcomeUnknown, .corrupt, .newerVersion, .inaccessible, .failure: .storeUnavailable
            }
        let error = await expect(expected) {
            try IssuerError.translating { throw StoreError(code, "why") } as Void
        }
        #expect(error?.retryAfter == (code == .busy ? 1 : nil))
        #expect(error?.detail.contains("why") == true)
    }

    @Test func `cancellation stays cancellation and anything unknown is internal`() async {
        #expect(throws: CancellationError.self) {
            try IssuerError.translating { throw CancellationError() } as Void
        }
        struct Unknown: Error {}
        await expect(.internal) { try IssuerError.translating { throw Unknown() } as Void }
    }

    @Test(arguments: VerificationError.Code.all)
    func `a token is bad when it was found so, not when nobody could look`(code: VerificationError.Code) {
        let expected: IssuerError.Code =
            switch code {
            case .expired: .tokenExpired
            case .cryptographyUnavailable: .cryptographyUnavailable
            default: .tokenInvalid
            }
        let error = IssuerError(VerificationError(code, "why"))
        #expect(error.code == expected)
        #expect(error.detail == "why")
    }

    @Test func `the source of a request is cut to its bounds at a character and to one line`() {
        let source = RequestSource(
            address: String(repeating: "é", count: 40), device: "a\r\nb\u{0}" + String(repeating: "😀", count: 60))
        #expect(source.address == String(repeating: "é", count: 32))
        #expect(source.device == "ab" + String(repeating: "😀", count: 49))
    }
}
