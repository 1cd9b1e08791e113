/// A property that did not hold, said for people.
struct RotationViolation: Error, CustomStringConvertible {
    let property: String
    /// What happened before, a line each.
    let story: [String]

    var description: String { (story + ["VIOLATED: \(property)"]).joined(separator: "\n") }
}
