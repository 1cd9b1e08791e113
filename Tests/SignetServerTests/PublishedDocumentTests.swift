import HTTPTypes
import Hummingbird
import Testing

@testable import SignetServer

@Suite("Published documents")
struct PublishedDocumentTests {
    private static let tag = #""abc""#
    private static let document = PublishedDocument(
        body: Array("{}".utf8), contentType: "application/json", maxAge: 300, entityTag: tag)

    private static func response(to headers: HTTPFields, for document: PublishedDocument = document) -> Response {
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/", headerFields: headers)
        return document.response(to: Request(head: head, body: RequestBody(buffer: ByteBuffer())))
    }

    private static func headers(_ lines: [String]) -> HTTPFields {
        HTTPFields(lines.map { HTTPField(name: .ifNoneMatch, value: $0) })
    }

    @Test func `a first request gets the document with its cache headers`() {
        let response = Self.response(to: [:])
        #expect(response.status == .ok)
        #expect(response.body.contentLength == 2)
        #expect(
            response.headers == [
                .cacheControl: "public, max-age=300", .accessControlAllowOrigin: "*", .eTag: Self.tag,
                .contentType: "application/json", .contentLength: "2",
            ])
    }

    @Test(arguments: [[#""abc""#], [#"W/"abc""#], ["*"], [#""x""#, #""y", "abc""#]])
    func `If-None-Match with the entity tag gets 304 with the same cache headers and no body`(lines: [String]) {
        let response = Self.response(to: Self.headers(lines))
        #expect(response.status == .notModified)
        #expect(response.body.contentLength == 0)
        #expect(
            response.headers == [
                .cacheControl: "public, max-age=300", .accessControlAllowOrigin: "*", .eTag: Self.tag,
                .contentLength: "0",
            ])
    }

    @Test(arguments: [[""], ["abc"], [#""abcd""#], [#""x""#, #""y""#]])
    func `If-None-Match with another entity tag gets the document`(lines: [String]) {
        #expect(Self.response(to: Self.headers(lines)).status == .ok)
    }

    @Test func `a document without an entity tag is always sent in full`() {
        let document = PublishedDocument(body: [], contentType: "text/plain", maxAge: 1, entityTag: nil)
        let response = Self.response(to: Self.headers(["*"]), for: document)
        #expect(response.status == .ok)
        #expect(response.headers[.eTag] == nil)
    }
}
