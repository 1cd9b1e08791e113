import Hummingbird
import Logging
import NIOCore
import SignetIssuer

/// Turns whatever a handler throws into a response of the route's format. Nothing internal gets into a body: what the
/// caller need not know goes to the log.
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
