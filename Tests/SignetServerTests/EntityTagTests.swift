import Testing

@testable import SignetServer

@Suite("Conditional requests")
struct EntityTagTests {
    static let tag = #""abc""#

    @Test(
        "If-None-Match names the tag: as it is, weak, among others, with any other space, in any line, or by *",
        arguments: [
            [#""abc""#], [#"W/"abc""#], ["*"], [#""x", "abc""#], [#""x","abc","y""#], [#"W/"x", W/"abc""#],
            [#"  "abc"  "#], ["\"x\",\t\"abc\""], [#""x""#, #""abc""#], [#""x""#, "*"], [#""x", W/"y""#, #"W/"abc""#],
        ])
    func present(lines: [String]) {
        #expect(EntityTag.isPresent(Self.tag, in: lines))
    }

    @Test(
        "It does not",
        arguments: [
            [], [""], ["abc"], [#""abcd""#], [#""ab""#], [#"w/"abc""#], [#"W/ "abc""#], [#""ABC""#],
            [#""x""#, #""y""#], [#""*""#], ["W/*"],
        ])
    func absent(lines: [String]) {
        #expect(!EntityTag.isPresent(Self.tag, in: lines))
    }
}
