import Foundation
import NIOHTTP1
import Testing

@Suite("Status lists over HTTP", .timeLimit(.minutes(10)))
struct StatusListTests {
    @Test func `A status list is public, cacheable and conditional, and unknown list numbers get 404`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let lists = issuer.url + "/.well-known/status-lists/"
        #expect(try await HTTPCall.get(lists + "0").status == 404)
        _ = try await Person.register(at: issuer).login()
        let list = try await HTTPCall.get(lists + "0")
        #expect(list.status == 200)
        #expect(list.header("Content-Type") == "application/statuslist+jwt")
        #expect(list.header("Cache-Control") == "public, max-age=9")
        #expect(list.header("Access-Control-Allow-Origin") == "*")
        let tag = try #require(list.header("ETag"))
        let again = try await HTTPCall.get(lists + "0", headers: [("If-None-Match", tag)])
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
        let head = try await HTTPCall.send(.HEAD, lists + "0")
        #expect(head.status == 200)
        #expect(head.header("ETag") == tag)
        #expect(head.body.isEmpty)
        for number in ["1", "00", "-1", "+0", "8192", "99999999999999999999", "x"] {
            let answer = try await HTTPCall.get(lists + number)
            #expect(answer.status == 404, "\(number)")
            #expect(answer["code"] == "not_found", "\(number)")
        }
        #expect(try await HTTPCall.post(lists + "0", json: [:]).status == 405)
    }
}
