/// How a first-party app gets refresh tokens and hands them in.
enum TokenDelivery: String, CaseIterable {
    /// In JSON, for apps that keep them themselves.
    case body
    /// In a cookie that no script can read, for pages in a browser.
    case cookie
}
