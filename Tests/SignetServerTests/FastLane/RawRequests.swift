// `Scripts/fuzz` compiles this file into a fuzz target, too.

/// Bytes that a client may send to ``EchoAPI`` over one connection: valid, unusual and malformed requests.
enum RawRequests {
    /// The web origin whose pages may call ``EchoAPI``.
    static let origin = "https://app.example.com"

    static let all: [[UInt8]] = texts.map { Array($0.utf8) } + bytes

    private static let host = "Host: id.example.com\r\n"
    private static let end = "\r\n\r\n"

    private static func get(_ target: String, _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\n\(host)\(fields)\r\n"
    }

    private static func post(_ target: String, _ body: String, _ fields: String = "") -> String {
        "POST \(target) HTTP/1.1\r\n\(host)\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// A POST request. `fields` includes the fields that say how long the body is. `rest` is everything after the head.
    private static func framed(_ target: String, _ fields: String, _ rest: String = "") -> String {
        "POST \(target) HTTP/1.1\r\n\(host)\(fields)\r\n\(rest)"
    }

    private static func chunked(_ target: String, _ body: String) -> String {
        framed(
            target, "Transfer-Encoding: chunked\r\n",
            "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
    }

    private static let large = String(repeating: "x", count: 16 * 1024)

    private static let texts: [String] =
        plain + targets + fields + bodies + unreadBodies + connections + versions + lines + many

    /// Requests for every endpoint, for unknown paths, and with methods that the path does not have.
    private static let plain: [String] =
        [
            get("/"), get("/now"), post("/now", "a body"), "DELETE /now HTTP/1.1\r\n\r\n", get("/now/one"),
            post("/oauth2/now", "a=b"), get("/api/now"), get("/fault"), get("/document"), get("/later"),
            post("/later", "a body"), "DELETE /later/one HTTP/1.1\r\n\r\n", get("/either/now"), get("/either/later"),
            get("/nowhere"), get("/oauth2/nowhere"), "PUT /now HTTP/1.1\r\n\r\n", "PATCH /oauth2/now HTTP/1.1\r\n\r\n",
            "HEAD /now HTTP/1.1\r\n\r\n", "HEAD /document HTTP/1.1\r\n\r\n", "HEAD /later HTTP/1.1\r\n\r\n",
            "HEAD /nowhere HTTP/1.1\r\n\r\n", "HEAD /oauth2/now HTTP/1.1\r\n\r\n", "OPTIONS /now HTTP/1.1\r\n\r\n",
            "TRACE /now HTTP/1.1\r\n\r\n", "CONNECT id.example.com:443 HTTP/1.1\r\n\r\n", "BREW /now HTTP/1.1\r\n\r\n",
            "get /now HTTP/1.1\r\n\r\n",
        ]

    /// Request targets.
    private static let targets: [String] =
        [
            "/now?", "/now?a=b&c=d", "/now?a?b", "/now/", "/now//", "//now", "/now/one/two", "/now/%6fne", "/%6eow",
            "/now/%2f", "/now/%zz", "/now/%", "/NOW", "/id/now", "/id", "/id/", "/id/id/now", "/id/api/now", "/now#a",
            "http://id.example.com/now", "http://id.example.com", "https://other.example.com/now?a=b", "*", "now", "",
            "/now;a", "/now\\", "/now?\u{301}", "/n\u{f6}w", "/now?\u{f6}", "/now?a\tb", "/./now", "/../now",
            "/" + String(repeating: "a", count: 5000), "/now?" + String(repeating: "a", count: 70_000),
        ].map { (target: String) -> String in get(target) }

    /// Requests with header fields: fields that the endpoints read, and malformed fields.
    private static let fields: [String] =
        [
            "User-Agent: one\r\n", "user-agent: one\r\nUSER-AGENT: two\r\n", "User-Agent:   blanks   \r\n",
            "User-Agent:\r\n", "User-Agent: \t\r\n", "User-Agent: b\u{fc}cher\r\n", "User-Agent : one\r\n",
            "User-Agent: a\r\n folded\r\n", "Cookie: a=b; c=d\r\nCookie: e=f\r\n", "Authorization: Bearer x\r\n",
            "Origin: \(origin)\r\n", "Accept: a/b, c/d\r\nAccept: e/f\r\n", "X-Forwarded-For: 192.0.2.1\r\n",
            "If-None-Match: \"tag\"\r\n", "X-Unknown: 1\r\n", ": 1\r\n", "nonsense\r\n", "Host: other\r\n",
            "User Agent: one\r\n", "Content-Type: a/b\r\nContent-Type: c/d\r\n", "Sec-Fetch-Site: same-origin\r\n",
            String(repeating: "X-A: b\r\n", count: 98), String(repeating: "X-A: b\r\n", count: 101),
            "User-Agent: \(String(repeating: "a", count: 33_000))\r\n",
            String(repeating: "X-A: \(String(repeating: "a", count: 30_000))\r\n", count: 3),
        ].flatMap { (fields: String) -> [String] in
            [get("/now", fields), get("/api/now", fields), get("/document", fields) + get("/now")]
        }

    /// Requests with bodies whose length is given correctly, wrongly or not at all.
    private static let bodies: [String] =
        ["/now", "/later", "/gate", "/oauth2/now", "/document", "/nowhere"].flatMap { (target: String) -> [String] in
            [
                framed(target, ""), framed(target, "Content-Length: 0\r\n"), chunked(target, "chunks"),
                framed(target, "Content-Length: 5\r\n", "cut"), framed(target, "Content-Length: 5\r\n"),
                framed(target, "Content-Length: 5\r\nContent-Length: 5\r\n", "twice"),
                framed(target, "Content-Length: 5\r\nContent-Length: 6\r\n", "other"),
                framed(target, "Content-Length: 5, 5\r\n", "twice"), framed(target, "Content-Length: -1\r\n"),
                framed(target, "Content-Length: +5\r\n", "signs"), framed(target, "Content-Length: 05\r\n", "zeros"),
                framed(target, "Content-Length: 5 \r\n", "blank"), framed(target, "Content-Length: five\r\n", "words"),
                framed(target, "Content-Length: 99999999999999999999\r\n", "digits"),
                framed(target, "Content-Length:\r\n", "empty"),
                framed(target, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                framed(target, "Transfer-Encoding: chunked\r\n", "ZZ\r\n{}\r\n0\r\n\r\n"),
                framed(target, "Transfer-Encoding: chunked\r\n", "2\r\n{}"),
                framed(target, "Transfer-Encoding: gzip, chunked\r\n", "2\r\n{}\r\n0\r\nX-Trailer: a\r\n\r\n"),
                framed(target, "Transfer-Encoding: identity\r\n", "{}"),
                framed(target, "Transfer-Encoding: gzip\r\n", "{}"),
                framed(target, "Expect: 100-continue\r\nContent-Length: 4\r\n", "body"),
                framed(target, "Expect: something\r\nContent-Length: 4\r\n", "body"),
                post(target, large), post(target, large + "x"), chunked(target, large), chunked(target, large + "x"),
                framed(target, "Content-Length: 20000\r\n", "cut"),
            ]
        }

    /// Requests with a body for endpoints that read no body. Another request follows each body.
    private static let unreadBodies: [String] =
        ["GET /now", "GET /document", "DELETE /later/one", "HEAD /now"].flatMap { (line: String) -> [String] in
            [
                "\(line) HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody" + get("/now?next"),
                "\(line) HTTP/1.1\r\nContent-Length: 20000\r\n\r\n\(large)\(large)" + get("/now?next"),
                "\(line) HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n" + get("/now?next"),
            ]
        }

    /// Requests with header fields that keep the connection open, close it or upgrade it. Another request follows.
    private static let connections: [String] =
        [
            "Connection: close\r\n", "Connection: keep-alive\r\n", "Connection: Keep-Alive\r\n", "Connection: x\r\n",
            "Connection: close, keep-alive\r\n", "Connection: keep-alive\r\nConnection: close\r\n", "Connection:\r\n",
            "Connection: Close\r\n", "Proxy-Connection: close\r\n", "Proxy-Connection: keep-alive\r\n",
            "Connection: Upgrade\r\nUpgrade: h2c\r\n", "Upgrade: h2c\r\n", "Connection: Upgrade\r\n",
            "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n", "Keep-Alive: timeout=5\r\n",
        ].flatMap { (fields: String) -> [String] in
            [
                get("/now", fields) + get("/now?next"), get("/later", fields) + get("/later?next"),
                get("/nowhere", fields) + get("/now?next"), get("/now") + get("/later", fields) + get("/now?next"),
                framed("/now", fields + "Content-Length: 2\r\n", "{}") + get("/now?next"),
            ]
        }

    /// Versions of HTTP.
    private static let versions: [String] =
        ["1.0", "0.9", "2.0", "1.2", "1", "1.1 ", "x"].flatMap { (version: String) -> [String] in
            ["", "Connection: keep-alive\r\n", "Connection: close\r\n"].map { (fields: String) -> String in
                "GET /now HTTP/\(version)\r\n\(fields)\r\n" + get("/now?next")
            }
        }

    /// Broken and incomplete requests.
    private static let lines: [String] =
        [
            "", "\r\n", "\r\n\r\n" + get("/now"), "GET", "GET /now", "GET /now\r\n\r\n", "GET /now HTTP/1.1",
            "GET /now HTTP/1.1\r\n", "GET /now HTTP/1.1\r\nHost: a\r\n", "GET /now HTTP/1.1\nHost: a\n\n",
            "GET  /now HTTP/1.1\r\n\r\n", "GET /now  HTTP/1.1\r\n\r\n", " GET /now HTTP/1.1\r\n\r\n",
            "GET /now HTTP/1.1\r\n\r\n\r\n\r\n" + get("/now?next"), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u{16}\u{3}\u{1}", get("/now") + "nonsense" + end, get("/later") + "nonsense" + end + get("/now"),
            get("/now") + "POST /now HTTP/1.1\r\nContent-Length: x" + end, get("/now") + "GET /now HTT",
            post("/later", "a") + "nonsense" + end, chunked("/now", "a") + "nonsense" + end,
        ]

    /// Several requests that are sent without waiting for answers (pipelining).
    private static let many: [String] =
        [
            get("/now?1") + get("/later?2") + get("/now?3") + chunked("/now?4", "a") + get("/later?5") + get("/now?6"),
            get("/later?1") + get("/nowhere?2") + get("/document") + post("/later?4", "a") + get("/either/later?5"),
            chunked("/later?1", "a") + chunked("/now?2", "b") + get("/now?3") + get("/either/now?4") + get("/fault"),
            String(repeating: get("/now") + post("/now", "a body"), count: 40),
            String(repeating: get("/later") + get("/now"), count: 20) + chunked("/later", "a") + get("/now"),
            get("/large") + get("/large") + get("/later") + get("/large") + get("/now?next"),
        ]

    /// Requests that are not UTF-8.
    private static let bytes: [[UInt8]] = [0x00, 0x01, 0x7F, 0x80, 0xC3, 0xFF].flatMap { (byte: UInt8) -> [[UInt8]] in
        [
            Array("GET /now?".utf8) + [byte] + Array(" HTTP/1.1\r\n\r\n".utf8),
            Array("GET /now/".utf8) + [byte] + Array(" HTTP/1.1\r\n\r\n".utf8),
            Array("GET /now HTTP/1.1\r\nUser-Agent: a".utf8) + [byte] + Array("b\r\n\r\n".utf8),
            Array("GET /now HTTP/1.1\r\nUser-Agent".utf8) + [byte] + Array(": b\r\n\r\n".utf8),
            Array("POST /now HTTP/1.1\r\nContent-Length: 3\r\n\r\na".utf8) + [byte] + Array("b".utf8),
            [byte] + Array("GET /now HTTP/1.1\r\n\r\n".utf8),
        ]
    }
}
