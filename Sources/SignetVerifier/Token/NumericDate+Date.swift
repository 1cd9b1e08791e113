public import JOSE

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension Date {
    /// The same point in time as `date`.
    public init(_ date: NumericDate) { self.init(timeIntervalSince1970: date.secondsSinceEpoch) }
}

extension NumericDate {
    /// The same point in time as `date`, precise to 0.2 microseconds for present dates.
    ///
    /// - Precondition: `date` is finite.
    public init(_ date: Date) { self.init(secondsSinceEpoch: date.timeIntervalSince1970) }
}
