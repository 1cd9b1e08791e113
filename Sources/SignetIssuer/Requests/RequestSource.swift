/// The network address and User-Agent of a caller, bounded and on one line.
package struct RequestSource: Hashable, Sendable {
    /// Network address, at most 64 bytes.
    package let address: String
    /// The device as its user recognises it: the app's name for it or the User-Agent. At most 200 bytes.
    package let device: String

    /// For events without a request, or with a request of unknown source.
    package static let unknown = RequestSource(address: "", device: "")

    /// Drops characters that break or reorder a line, then cuts both texts to their bounds, between characters.
    package init(address: String, device: String) {
        self.address = Self.line(address, bytes: 64)
        self.device = Self.line(device, bytes: 200)
    }

    /// The same address with the device name that the app sent. A name without a visible character is ignored.
    func naming(device name: String) -> RequestSource {
        let named = RequestSource(address: address, device: name.trimmingWhiteSpace())
        return named.device.unicodeScalars.allSatisfy(\.isInvisible) ? self : named
    }

    private static func line(_ text: String, bytes: Int) -> String {
        // Most texts are short and printable ASCII, and need no Unicode lookups.
        if text.utf8.count <= bytes, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
        var line = ""
        var length = 0
        for scalar in text.unicodeScalars where !scalar.breaksALine {
            length += UTF8.width(scalar)
            if length > bytes { break }
            line.unicodeScalars.append(scalar)
        }
        return line
    }
}
