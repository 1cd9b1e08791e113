import Testing

@testable import HTTPFetching

@Suite("Conditional requests")
struct EntityTagTests {
    static let tag = #""abc""#

    @Test(arguments: [
        [#""abc""#], [#"W/"abc""#], ["*"], [#""x", "abc""#], [#""x","abc","y""#], [#"W/"x", W/"abc""#],
        [#"  "abc"  "#], ["\"x\",\t\"abc\""], [#""x""#, #""abc""#], [#""x""#, "*"], [#""x", W/"y""#, #"W/"abc""#],
    ])
    func `If-None-Match names a tag alone, weakly, in a list, in a second field, or by an asterisk`(
        lines: [String]
    ) {
        #expect(EntityTag.isNamed(Self.tag, inIfNoneMatch: lines))
    }

    @Test(arguments: [
        [], [""], ["abc"], [#""abcd""#], [#""ab""#], [#"w/"abc""#], [#"W/ "abc""#], [#""ABC""#],
        [#""x""#, #""y""#], [#""*""#], ["W/*"],
    ])
    func `If-None-Match does not name a tag that differs`(lines: [String]) {
        #expect(!EntityTag.isNamed(Self.tag, inIfNoneMatch: lines))
    }

    @Test(arguments: [#""a,b""#, #""x,", "a,b""#, #"W/"a,b",",""#, #""x" , "a,b""#])
    func `A comma inside of quotation marks belongs to the tag`(field: String) {
        #expect(EntityTag.isNamed(#""a,b""#, inIfNoneMatch: [field]))
        #expect(!EntityTag.isNamed("a", inIfNoneMatch: [field]))
        #expect(!EntityTag.isNamed("b\"", inIfNoneMatch: [field]))
        #expect(!EntityTag.isNamed(Self.tag, inIfNoneMatch: [#""x,"abc",y""#]))
    }
}
