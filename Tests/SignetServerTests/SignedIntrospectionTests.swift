import Testing

@testable import SignetServer

@Suite struct SignedIntrospectionTests {
    private static let signed = SignedIntrospection.mediaType

    @Test(arguments: [
        [signed], ["Application/Token-Introspection+JWT"], ["\(signed), */*"], ["*/*;q=0.5, \(signed) ; q=0.1"],
        ["\(signed), application/json;q=0.9"], ["application/json; q=0, \(signed)"],
        ["application/json;q=0.999, \(signed);q=1.000"], ["application/json;q=0.5", signed],
        ["\(signed);charset=utf-8;Q=0.8,application/json;q=0.7"],
    ])
    func `the signed form is for those who name it and prefer it`(accept: [String]) {
        #expect(SignedIntrospection.isWanted(by: accept))
    }

    @Test(arguments: [
        [], [""], ["*/*"], ["application/*"], ["application/json"], ["\(signed), application/json"],
        ["\(signed);q=0"], ["\(signed);q=0.000, */*"], ["\(signed);q=0.5, application/json"],
        ["application/token- introspection+jwt"], ["x\(signed)"], ["\(signed);q=2"], ["\(signed);q=high"],
        ["\(signed);q=0.1234"], ["\(signed);q=-1"], ["\(signed);q="],
    ])
    func `everybody else gets plain JSON`(accept: [String]) {
        #expect(!SignedIntrospection.isWanted(by: accept))
    }
}
