import Hummingbird
import Logging
import NIOCore
import SignetIssuer

/// Runs a route's handler and turns any error it throws into a response in the route's error format.
///
/// Internal details go to the log and never into a response.
struct ErrorResponder: Sendable {
    let format: Route.ErrorFormat

    func respond(to request: Request, context: APIRequestContext, with handler: Route.Handler) async -> Response {
        do {
            return try await handler(request, context)
        } catch let problem as Problem {
            return problem.response()
        } catch let error as OAuthError {
            return error.response()
        } catch let error as IssuerError {
            log(error, context.logger)
            return response(for: error)
        } catch let refusal as RequestRefusal {
            return response(for: refusal)
        } catch let error as any HTTPResponseError {
            let refusal = RequestRefusal(status: error.status)
            return response(for: refusal)
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            return response(for: IssuerError(.internal, "\(type(of: error))"))
        }
    }

    private func response(for error: IssuerError) -> Response {
        switch format {
        case .problem: Problem(error).response()
        case .oauth: OAuthError(error).response()
        }
    }

    private func response(for refusal: RequestRefusal) -> Response {
        switch format {
        case .problem: Problem(refusal).response()
        case .oauth: OAuthError(refusal).response()
        }
    }

    private func log(_ error: IssuerError, _ logger: Logger) {
        switch error.code {
        case .internal, .storeUnavailable:
            logger.error(
                "request failed", metadata: ["code": "\(error.code.rawValue)", "detail": "\(error.detail)"])
        default:
            logger.debug(
                "request refused", metadata: ["code": "\(error.code.rawValue)", "detail": "\(error.detail)"])
        }
    }
}
