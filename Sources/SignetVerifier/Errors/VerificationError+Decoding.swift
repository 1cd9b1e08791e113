import JOSE

extension VerificationError {
    /// Converts an error of decoding claims. The code is `missingClaim` if a claim is missing or `null`, otherwise
    /// `malformedClaims`. The detail has the path of the claim and the expected type, but not the claim's value.
    init(decoding error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(.missingClaim, "\(Self.path(context.codingPath + [key])): expected to be present")
        case .valueNotFound(let type, let context):
            self.init(.missingClaim, "\(Self.path(context.codingPath)): expected \(type), found null")
        case .typeMismatch(let type, let context):
            self.init(.malformedClaims, "\(Self.path(context.codingPath)): expected \(type)")
        case .dataCorrupted(let context):
            self.init(.malformedClaims, "\(Self.path(context.codingPath)): expected a value that fits its type")
        @unknown default:
            self.init(.malformedClaims, "payload: the claims do not fit the type")
        }
    }

    /// Returns the path of a claim, for example `tenant.seats[0]`, or `payload` for the whole set of claims. Names in
    /// the path may come from the token, so the result has only printable characters, at most 200 Unicode scalars.
    private static func path(_ keys: [any CodingKey]) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return PrintableText(path, maximumScalars: 200)?.text ?? "payload"
    }
}
