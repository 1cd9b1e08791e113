import JOSE
import Testing

@Suite("A NumericDate")
struct NumericDateTests {
    @Test func `is rounded down to seconds and does not wrap around`() {
        #expect(NumericDate(secondsSinceEpoch: 1.9).seconds == 1)
        #expect(NumericDate(secondsSinceEpoch: -0.1).seconds == -1)
        #expect(NumericDate(secondsSinceEpoch: 1e30).seconds == .max)
        #expect(NumericDate(secondsSinceEpoch: -1e30).seconds == .min)
        #expect(NumericDate(.max) + .seconds(Int64.max) > NumericDate(.max))
        #expect(NumericDate(.min) - .seconds(30) <= NumericDate(.min))
    }

    @Test func `can be moved by fractions of a second`() {
        let date = NumericDate(100) + .milliseconds(2500)
        #expect(date == NumericDate(secondsSinceEpoch: 102.5))
        #expect(date.seconds(since: NumericDate(100)) == 2.5)
        #expect("\(NumericDate(100))" == "100")
        #expect("\(date)" == "102.5")
    }

    @Test func `reads the current time from the wall clock`() { #expect(NumericDate.now > NumericDate(1_700_000_000)) }
}
