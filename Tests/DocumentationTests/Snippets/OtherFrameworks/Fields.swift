import HTTPTypes
import NIOHTTP1
import SignetVerifier

/// Returns the Bearer token of a request that has the type of swift-http-types.
func token(of request: HTTPRequest) throws(VerificationError) -> String {
    try BearerCredentials.token(authorization: request.headerFields[values: .authorization])
}

/// Returns the Bearer token of a request that has SwiftNIO's own header type.
func token(of headers: HTTPHeaders) throws(VerificationError) -> String {
    try BearerCredentials.token(authorization: headers["Authorization"])
}
