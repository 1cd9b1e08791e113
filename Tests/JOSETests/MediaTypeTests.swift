import JOSE
import Testing

@Suite("Media types in typ")
struct MediaTypeTests {
    @Test(arguments: [
        ("at+jwt", "at+jwt"), ("AT+JWT", "at+jwt"), ("application/at+jwt", "at+jwt"),
        ("Application/At+JWT", "at+jwt"),
        ("application/at+jwt", "APPLICATION/AT+JWT"), ("image/png", "IMAGE/png"), ("", ""),
    ])
    func `are equal but for case and an application/ that may be left out`(left: String, right: String) {
        #expect(MediaType.areEqual(left, right))
        #expect(MediaType.areEqual(right, left))
    }

    @Test(arguments: [
        ("at+jwt", "jwt"), ("application/at+jwt ", "at+jwt"), ("at+jwt;v=1", "at+jwt"), ("text/at+jwt", "at+jwt"),
        ("application/a/b", "a/b"), ("application/", ""), ("", "at+jwt"), ("at-jwt", "at+jwt"),
        ("at\u{B}jwt", "at+jwt"),
        ("application/application/at+jwt", "at+jwt"), ("application/application/at+jwt", "application/at+jwt"),
        ("\u{212A}wt", "kwt"),
    ])
    func `differ otherwise`(left: String, right: String) {
        #expect(!MediaType.areEqual(left, right))
        #expect(!MediaType.areEqual(right, left))
    }
}
