import Testing

@testable import HTTPFetching

@Suite("Conditional requests")
struct EntityTagTests {
    static let tag = #""abc""#

    @Test(arguments: [
        [#""abc""#], [#"W/"abc""#], ["*"], [#""x", "abc""#], [#""x","abc","y""#], [#"W/"x", W/"abc""#],
        [#"  "abc"  "#], ["\"x\",\t\"abc\""], [#""x""#, #""abc""#], [#""x""#, "*"], [#""x", W/"y""#, #"W/"abc""#],
    ])
    func `If-None-Match names the tag: as it is, weak, among others, with any other space, in any line, or by *`(
        lines: [String]
    ) {
        #expect(EntityTag.isNamed(Self.tag, inIfNoneMatch: lines))
    }

    @Test(arguments: [
        [], [""], ["abc"], [#""abcd""#], [#""ab""#], [#"w/"abc""#], [#"W/ "abc""#], [#""ABC""#],
        [#""x""#, #""y""#], [#""*""#], ["W/*"],
    ])
    func `It does not`(lines: [String]) {
        #expect(!EntityTag.isNamed(Self.tag, inIfNoneMatch: lines))
    }
}
