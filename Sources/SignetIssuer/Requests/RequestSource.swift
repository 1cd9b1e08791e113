/// The network address and device of a caller, each on one line and of bounded length.
package struct RequestSource: Hashable, Sendable {
    /// Network address, at most 64 bytes.
    package let address: String
    /// The device: the name that the app gives it, or the User-Agent. At most 200 bytes.
    package let device: String

    /// The source of an event that has no request, or whose request has no known source.
    package static let unknown = RequestSource(address: "", device: "")

    /// Removes characters that break a line or reorder its text. Then cuts `address` to 64 bytes and `device` to 200
    /// bytes, at the end of a Unicode scalar.
    package init(address: String, device: String) {
        self.address = Self.line(address, bytes: 64)
        self.device = Self.line(device, bytes: 200)
    }

    /// Returns a copy whose device is `name`, the device name that the app sent. If no character of `name` is visible,
    /// returns this value unchanged.
    func naming(device name: String) -> RequestSource {
        let named = RequestSource(address: address, device: name.trimmingWhiteSpace())
        return named.device.unicodeScalars.allSatisfy(\.isInvisible) ? self : named
    }

    private static func line(_ text: String, bytes: Int) -> String {
        // Fast path: a short text of printable ASCII needs no change.
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
