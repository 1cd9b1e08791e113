/// Where a request came from, as it is kept with the session: bounded, on one line.
package struct RequestSource: Hashable, Sendable {
    /// Network address of the caller, at most 64 bytes.
    package let address: String
    /// What the user recognises the device by: a name or the User-Agent, at most 200 bytes.
    package let device: String

    /// Of a request that says nothing about it, or of none.
    package static let unknown = RequestSource(address: "", device: "")

    /// Cuts both texts to their bounds at a character and drops what does not belong on one line: control characters,
    /// separators of lines, and those that reorder the text around them.
    package init(address: String, device: String) {
        self.address = Self.line(address, bytes: 64)
        self.device = Self.line(device, bytes: 200)
    }

    /// The same place, with the device under the name that the app gave it, unless nothing of that name can be shown.
    func naming(device name: String) -> RequestSource {
        let named = RequestSource(address: address, device: name.trimmingWhiteSpace())
        return named.device.unicodeScalars.allSatisfy(\.isInvisible) ? self : named
    }

    private static func line(_ text: String, bytes: Int) -> String {
        // Nearly all are short and ASCII, and nothing in them has to be looked up.
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
