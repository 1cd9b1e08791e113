import HTTPFetching

extension RemoteKeyMachine.Fetch {
    /// The HTTP request that fetches the issuer's metadata or its JWKS.
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

    /// Converts the HTTP response to the result of this fetch. Every unexpected response is a failure.
    ///
    /// - Parameter former: The keys of the last successful fetch; `nil` if there are none. The result reuses the
    ///   ``VerificationKey`` objects of the keys that are still published.
    func result(
        _ response: HTTPFetchResponse, location: RemoteKeyLocation, configuration: RemoteKeyConfiguration,
        former: KeySet?
    ) -> RemoteKeyMachine.FetchResult {
        let lifetime = configuration.freshness.lifetime(of: response)
        if case .keys(_, .some) = document, response.status == 304 { return .notModified(lifetime: lifetime) }
        guard response.status == 200 else {
            let hint = (300...399).contains(response.status) ? "; redirects are not followed" : ""
            let reason = "\(name): expected status 200, found \(response.status)\(hint)"
            if case .metadata = document { return .noMetadata(reason: reason) }
            return .failed(reason: reason)
        }
        switch (document, location) {
        case (.metadata, .issuer(let issuer, _, _)):
            do {
                let metadata = try IssuerMetadata(
                    parsing: response.body, issuer: issuer, configuration: configuration)
                return .metadata(keysURL: metadata.keysURL, lifetime: lifetime)
            } catch {
                let reason = "\(name): \(error.reason)"
                return error.isContradiction ? .contradicted(reason: reason) : .noMetadata(reason: reason)
            }
        case (.metadata, .keys):
            return .failed(reason: "metadata: not asked for")
        case (.keys, _):
            return keys(response, lifetime: lifetime, former: former)
        }
    }

    private func keys(
        _ response: HTTPFetchResponse, lifetime: Duration, former: KeySet?
    ) -> RemoteKeyMachine.FetchResult {
        do {
            let keys = try KeySet(jwks: response.body, reusing: former)
            // If the issuer publishes no usable key, treat all earlier keys as withdrawn. Tokens then get a 503 until a
            // later fetch finds keys.
            guard !keys.isEmpty else {
                return .withdrawn(reason: "\(name): \(KeySet.reasonForNoKeys(in: response.body))")
            }
            let entityTag = response.values(of: "etag").first.flatMap { EntityTag.isWellFormed($0) ? $0 : nil }
            return .keys(keys, entityTag: entityTag, lifetime: lifetime)
        } catch {
            return .failed(reason: "\(name): \(error.detail)")
        }
    }

    /// `metadata` or `JWKS` with the URL of the document, for error texts.
    var name: String {
        switch document {
        case .metadata(let url): "metadata \(url)"
        case .keys(let url, _): "JWKS \(url)"
        }
    }
}
