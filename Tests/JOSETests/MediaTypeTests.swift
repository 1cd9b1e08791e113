import JOSE
import Testing

@Suite("Media types in typ")
struct MediaTypeTests {
    @Test(arguments: [
        ("at+jwt", "at+jwt"), ("AT+JWT", "at+jwt"), ("application/at+jwt", "at+jwt"),
        ("Application/At+JWT", "at+jwt"),
        ("application/at+jwt", "APPLICATION/AT+JWT"), ("image/png", "IMAGE/png"), ("", ""),
    ])
    func `are compared without case and without the prefix application/`(left: String, right: String) {
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
    func `are different in every other case`(left: String, right: String) {
        #expect(!MediaType.areEqual(left, right))
        #expect(!MediaType.areEqual(right, left))
    }
}
