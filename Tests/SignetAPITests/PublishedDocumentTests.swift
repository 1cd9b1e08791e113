import HTTPTypes
import Testing

@testable import SignetAPI

@Suite("Published documents")
struct PublishedDocumentTests {
    private static let tag = #""abc""#
    private static let document = PublishedDocument(
        body: Array("{}".utf8), contentType: "application/json", maxAge: 300, entityTag: tag)

    private static func response(to fields: HeaderFields, for document: PublishedDocument = document) -> APIResponse {
        document.response(to: APIRequest(method: .get, target: "/", fields: fields))
    }

    private static func headers(_ lines: [String]) -> HeaderFields {
        lines.reduce(into: HeaderFields()) { fields, line in fields.append(.ifNoneMatch, line) }
    }

    @Test func `a first request gets the document with its cache headers`() {
        let response = Self.response(to: [:])
        #expect(response.status == .ok)
        #expect(response.contentLength == 2)
        #expect(
            response.fields == [
                .cacheControl: "public, max-age=300", .accessControlAllowOrigin: "*", .eTag: Self.tag,
                .contentType: "application/json",
            ])
    }

    @Test(arguments: [[#""abc""#], [#"W/"abc""#], ["*"], [#""x""#, #""y", "abc""#]])
    func `If-None-Match with the entity tag gets 304 with the same cache headers and no body`(lines: [String]) {
        let response = Self.response(to: Self.headers(lines))
        #expect(response.status == .notModified)
        #expect(response.contentLength == nil)
        #expect(response.bytes.isEmpty)
        #expect(
            response.fields == [
                .cacheControl: "public, max-age=300", .accessControlAllowOrigin: "*", .eTag: Self.tag,
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
        #expect(response.fields[.eTag] == nil)
    }
}
