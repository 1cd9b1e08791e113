import HTTPFetching

extension RemoteKeyMachine.Fetch {
    /// The request to send.
    func request(_ configuration: RemoteKeyConfiguration) -> HTTPFetchRequest {
        switch document {
        case .metadata(let url):
            HTTPFetchRequest(
                url: url, headers: [HTTPFetchField("accept", "application/json")],
                timeout: configuration.fetchTimeout, maximumBodyBytes: configuration.maximumDocumentBytes)
        case .keys(let url, let entityTag):
            HTTPFetchRequest(
                url: url,
                headers: [HTTPFetchField("accept", "application/jwk-set+json, application/json")]
                    + (entityTag.map { [HTTPFetchField("if-none-match", $0)] } ?? []),
                timeout: configuration.fetchTimeout, maximumBodyBytes: configuration.maximumDocumentBytes)
        }
    }

    /// What `response` means: the document, "not modified", or a failure. Anything unexpected is a failure.
    ///
    /// - Parameter former: The keys at hand; those of them that are still published stay the objects they are.
    func outcome(
        _ response: HTTPFetchResponse, location: RemoteKeyLocation, configuration: RemoteKeyConfiguration,
        former: KeySet?
    ) -> RemoteKeyMachine.Outcome {
        let lifetime = configuration.freshness.lifetime(of: response)
        if case .keys(_, .some) = document, response.status == 304 { return .notModified(lifetime: lifetime) }
        guard response.status == 200 else {
            let hint = (300...399).contains(response.status) ? "; redirects are not followed" : ""
            return .failed(reason: "\(name): expected status 200, found \(response.status)\(hint)")
        }
        switch (document, location) {
        case (.metadata, .issuer(let issuer, _)):
            do {
                let metadata = try IssuerMetadata(
                    parsing: response.body, issuer: issuer, configuration: configuration)
                return .metadata(keysURL: metadata.keysURL, lifetime: lifetime)
            } catch {
                return error.isContradiction
                    ? .contradicted(reason: error.reason) : .failed(reason: error.reason)
            }
        case (.metadata, .keys):
            return .failed(reason: "metadata: not asked for")
        case (.keys, _):
            return keys(response, lifetime: lifetime, former: former)
        }
    }

    private func keys(
        _ response: HTTPFetchResponse, lifetime: Duration, former: KeySet?
    ) -> RemoteKeyMachine.Outcome {
        do {
            let keys = try KeySet(jwks: response.body, reusing: former)
            // What the issuer's own document says counts, also that no key is good any more. Should it be an accident,
            // then nothing worse comes of it than 503 until the next attempt.
            guard !keys.isEmpty else { return .withdrawn(reason: "JWKS: the issuer publishes no usable key") }
            let entityTag = response.values(of: "etag").first
            return .keys(keys, entityTag: entityTag.flatMap { Self.isEntityTag($0) ? $0 : nil }, lifetime: lifetime)
        } catch {
            return .failed(reason: error.detail)
        }
    }

    /// Whether `text` can be sent back as it is: a short quoted string of visible ASCII (RFC 9110 section 8.8.3).
    private static func isEntityTag(_ text: String) -> Bool {
        let opaque = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        return (2...256).contains(opaque.utf8.count) && opaque.hasPrefix("\"") && opaque.hasSuffix("\"")
            && opaque.utf8.dropFirst().dropLast().allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
    }

    private var name: String {
        switch document {
        case .metadata: "metadata"
        case .keys: "JWKS"
        }
    }
}
