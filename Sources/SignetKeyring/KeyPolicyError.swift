/// Terms under which a verifier could meet a key that it does not have.
package struct KeyPolicyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What has to change.
    package enum Term: String, Sendable {
        case rotation
        case lead
    }

    package let term: Term
    /// What is wrong with it: the arithmetic, as the end of a sentence that begins with the term's name.
    package let fault: String
    /// Terms that would be accepted: these, with the lead and the rotation raised as far as they must be.
    package let mended: KeyPolicy

    init(_ term: Term, _ fault: String, mended: KeyPolicy) {
        self.term = term
        self.fault = fault
        self.mended = mended
    }

    package var description: String { "\(term.rawValue) \(fault)" }
}
