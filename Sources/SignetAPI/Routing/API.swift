package import HTTPTypes
import SignetIssuer

/// The HTTP API of one listener, without a transport: finds the endpoint for a request, runs it, and turns every error
/// into a response in the endpoint's error format.
package struct API: Sendable {
    package let table: EndpointTable
    /// The path of the issuer identifier. It is empty, or it starts with `/` and does not end with `/`.
    private let issuerPath: String
    private let browser: BrowserPolicy?

    /// Creates the API of one listener.
    /// - Parameters:
    ///   - issuerPath: the path of the issuer identifier, for example `/id` for `https://example.com/id`. Requests may
    ///     have it in front of an endpoint's path, unless a proxy removed it.
    ///   - browser: the cross-origin policy; `nil` for no CORS headers.
    package init(_ endpoints: [Endpoint], issuerPath: String = "", browser: BrowserPolicy? = nil) {
        table = EndpointTable(endpoints)
        self.issuerPath = issuerPath
        self.browser = browser
    }

    /// Finds the endpoint for a request.
    /// - Parameter path: without the query.
    package func match(_ method: HTTPRequest.Method, _ path: Substring) -> EndpointTable.Match {
        table.match(method, withoutIssuerPath(path))
    }

    /// The answer to a request, if it can be given without waiting.
    /// - Parameter match: the result of ``match(_:_:)`` for this request.
    /// - Returns: `nil` if the endpoint has to wait. Then ``respond(to:matching:)`` answers.
    package func respondAtOnce(to request: APIRequest, matching match: EndpointTable.Match) -> APIResponse? {
        let prepared = prepare(request, match)
        if let response = preflight(prepared) { return response }
        guard case .endpoint(let index, _) = match else { return finish(unrouted(prepared, match), of: prepared) }
        let endpoint = table.endpoints[index]
        do {
            switch endpoint.answer {
            case .immediate(let answer):
                return finish(try answer(prepared), of: prepared)
            case .suspending:
                return nil
            case .immediateOrSuspending(let answer, _):
                return try answer(prepared).map { finish($0, of: prepared) }
            }
        } catch {
            return finish(Self.response(for: error, as: endpoint.errors), of: prepared)
        }
    }

    /// The answer to a request.
    /// - Parameter match: the result of ``match(_:_:)`` for this request.
    package func respond(to request: APIRequest, matching match: EndpointTable.Match) async -> APIResponse {
        if let response = respondAtOnce(to: request, matching: match) { return response }
        let prepared = prepare(request, match)
        guard case .endpoint(let index, _) = match else { return finish(unrouted(prepared, match), of: prepared) }
        let endpoint = table.endpoints[index]
        do {
            switch endpoint.answer {
            case .immediate(let answer):
                return finish(try answer(prepared), of: prepared)
            case .suspending(let answer), .immediateOrSuspending(_, let answer):
                return finish(try await answer(prepared), of: prepared)
            }
        } catch {
            return finish(Self.response(for: error, as: endpoint.errors), of: prepared)
        }
    }

    /// The answer to a request.
    package func respond(to request: APIRequest) async -> APIResponse {
        await respond(to: request, matching: match(request.method, request.path))
    }

    // MARK: - Around an endpoint

    private func withoutIssuerPath(_ path: Substring) -> Substring {
        // A path of an endpoint stays as it is, even if it begins with the issuer's path. For example, the issuer's
        // path may be `/api`, and `/api/login` is an endpoint.
        guard !issuerPath.isEmpty, path.hasPrefix(issuerPath), path.dropFirst(issuerPath.count).first == "/",
            !table.contains(path)
        else { return path }
        return path.dropFirst(issuerPath.count)
    }

    private func prepare(_ request: APIRequest, _ match: EndpointTable.Match) -> APIRequest {
        guard case .endpoint(_, let parameter?) = match else { return request }
        var request = request
        request.parameter = parameter
        return request
    }

    /// The answer to a preflight request of an allowed origin; `nil` for any other request.
    private func preflight(_ request: APIRequest) -> APIResponse? {
        guard let browser, request.method == .options, isBelowAPI(request) else { return nil }
        return browser.preflight(request.fields)
    }

    private func isBelowAPI(_ request: APIRequest) -> Bool {
        withoutIssuerPath(request.path).hasPrefix("/api/")
    }

    /// The answer to a request that no endpoint serves: 405 with `Allow` if the path has endpoints for other methods,
    /// otherwise 404. Below `/oauth2` the body is an OAuth error, elsewhere a problem document.
    private func unrouted(_ request: APIRequest, _ match: EndpointTable.Match) -> APIResponse {
        let problem: Problem =
            if case .methodNotAllowed(let methods) = match { .methodNotAllowed(methods) } else { .notFound }
        let isOAuth = withoutIssuerPath(request.path).hasPrefix("/oauth2/")
        return isOAuth ? OAuthError(problem).response() : problem.response()
    }

    private func finish(_ response: APIResponse, of request: APIRequest) -> APIResponse {
        var response = response
        if let browser, isBelowAPI(request) { browser.addFields(to: &response.fields, for: request.fields) }
        return request.method == .head ? response.omittingBody() : response
    }

    // MARK: - Errors

    private static func response(for error: any Error, as format: Endpoint.ErrorFormat) -> APIResponse {
        switch error {
        case let problem as Problem: return problem.response()
        case let error as OAuthError: return error.response()
        case let refusal as RequestRefusal:
            return format == .problem ? Problem(refusal).response() : OAuthError(refusal).response()
        case let error as IssuerError:
            let isFailure = error.code == .internal || error.code == .storeUnavailable
            return response(
                for: error, as: format,
                fault: .init(isFailure: isFailure, code: error.code.rawValue, detail: error.detail))
        default:
            return response(
                for: IssuerError(.internal, "\(type(of: error))"), as: format,
                fault: .init(isFailure: true, code: nil, detail: "\(error)"))
        }
    }

    private static func response(
        for error: IssuerError, as format: Endpoint.ErrorFormat, fault: APIResponse.Fault
    ) -> APIResponse {
        var response = format == .problem ? Problem(error).response() : OAuthError(error).response()
        response.fault = fault
        return response
    }
}
