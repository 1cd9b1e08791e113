/// One answer, read completely.
public struct HTTPFetchResponse: Sendable, Hashable {
    public let status: Int
    /// Header fields in the order they came; names in any case.
    public let headers: [HTTPFetchField]
    public let body: [UInt8]

    public init(status: Int, headers: [HTTPFetchField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The values of all fields called `name`, which is written in lower case.
    func values(of name: String) -> [String] {
        headers.lazy.filter { $0.name.lowercased() == name }.map(\.value)
    }
}
