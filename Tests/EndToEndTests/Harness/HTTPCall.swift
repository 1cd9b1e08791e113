import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Sends HTTP requests over real sockets. If the answer does not follow `contract`, which is `openapi.yaml` by default,
/// the call throws an error. Calls of other servers, and of the operations listener, have no contract.
struct HTTPCall {
    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let body: Data

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
        func header(_ name: String) -> String? { headers[name].first }
        subscript(_ field: String) -> String? { json[field] as? String }
    }

    static func send(
        _ method: HTTPMethod, _ url: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        contract: Contract? = .shared
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let buffer = try await response.body.collect(upTo: 1 << 20)
        let status = Int(response.status.code)
        try contract?.check(method: method.rawValue, url: url, status: status)
        return Answer(status: status, headers: response.headers, body: Data(buffer: buffer))
    }

    static func get(
        _ url: String, token: String? = nil, headers: [(String, String)] = [], contract: Contract? = .shared
    ) async throws -> Answer {
        let bearer = token.map { [("Authorization", "Bearer \($0)")] } ?? []
        return try await send(.GET, url, headers: headers + bearer, contract: contract)
    }

    static func post(
        _ url: String, json: [String: Any], headers: [(String, String)] = [], contract: Contract? = .shared
    ) async throws -> Answer {
        try await send(
            .POST, url, headers: headers + [("Content-Type", "application/json")],
            body: [UInt8](try JSONSerialization.data(withJSONObject: json)), contract: contract)
    }

    static func post(
        _ url: String, form: [(String, String)], client: (id: String, secret: String)? = nil,
        headers: [(String, String)] = [], contract: Contract? = .shared
    ) async throws -> Answer {
        var headers = headers + [("Content-Type", "application/x-www-form-urlencoded")]
        if let client {
            headers.append(
                ("Authorization", "Basic " + Data("\(client.id):\(client.secret)".utf8).base64EncodedString()))
        }
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
        let text = form.map { name, value in
            name + "=" + (value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
        }.joined(separator: "&")
        return try await send(.POST, url, headers: headers, body: Array(text.utf8), contract: contract)
    }
}
