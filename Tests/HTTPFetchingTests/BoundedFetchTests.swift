import TestSupport
import Testing

@testable import HTTPFetching

@Suite("A bounded fetch")
struct BoundedFetchTests {
    private let fetcher = GatedFetcher()
    private let alarm = Alarm()
    private let request = HTTPFetchRequest(url: "https://a.test/", timeout: .seconds(5), maximumBodyBytes: 4)

    private func reason(_ fetch: BoundedFetch) async -> String? {
        do throws(BoundedFetch.Fault) {
            _ = try await fetch(request)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func `limits the requests in progress of a fetcher that ignores cancellation`()
        async
    {
        let fetch = BoundedFetch(fetcher, maximumUnderWay: 3, sleep: alarm.sleep)
        for number in 1...3 {
            async let reason = reason(fetch)
            await fetcher.arrived(number)
            await alarm.ring()
            #expect(await reason?.hasPrefix("no answer within") == true)
        }
        #expect(await reason(fetch)?.contains("have not ended") == true)
        #expect(fetcher.requests.count == 3)
        fetcher.answer(.success(HTTPFetchResponse(status: 200)))
        // After `fetcher.answer`, the task of the first request takes a moment to end. Until then, `fetch` refuses new
        // requests. So `firstAnswer` repeats its request.
        async let answered = firstAnswer(fetch)
        await fetcher.arrived(4)
        for _ in 0..<3 { fetcher.answer(.success(HTTPFetchResponse(status: 204))) }
        #expect(await answered == 204)
    }

    /// Repeats a request while `fetch` refuses it because too many requests are in progress. Returns the status of the
    /// response; `nil` after 30 s or after another error.
    private func firstAnswer(_ fetch: BoundedFetch) async -> Int? {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            do throws(BoundedFetch.Fault) {
                return try await fetch(request).status
            } catch {
                guard error.reason.contains("have not ended") else { return nil }
                await Task.yield()
            }
        }
        return nil
    }

    @Test func `admits a new request when one has ended`() async {
        let fetch = BoundedFetch(fetcher, maximumUnderWay: 1, sleep: alarm.sleep)
        for number in 1...3 {
            async let reason = reason(fetch)
            await fetcher.arrived(number)
            fetcher.answer(.failure(GatedFetcher.Refused()))
            #expect(await reason?.hasPrefix("the request failed") == true)
        }
    }
}
