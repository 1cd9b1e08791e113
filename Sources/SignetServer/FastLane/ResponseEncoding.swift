import Glibc
import HTTPTypes
import NIOCore
import SignetAPI

/// Encodes responses as HTTP/1.1, byte for byte as Hummingbird and NIO do.
struct ResponseEncoding {
    private var date = HTTPDate(second: 0)
    /// The document that was encoded last, with its encoded response. The response contains ``date``, so it is valid
    /// for one second only.
    private var document: (document: PublishedDocument, response: ByteBuffer)?

    /// The whole response, header and body.
    mutating func bytes(of response: APIResponse, allocator: ByteBufferAllocator) -> ByteBuffer {
        refreshDate()
        return encode(response, allocator)
    }

    /// The whole response, header and body, that sends the document `current`. Calls within the same second reuse the
    /// encoded bytes.
    mutating func bytes(of current: PublishedDocument, allocator: ByteBufferAllocator) -> ByteBuffer {
        refreshDate()
        if let document, document.document === current { return document.response }
        let bytes = encode(current.response, allocator)
        document = (current, bytes)
        return bytes
    }

    private mutating func refreshDate() {
        let second = time(nil)
        guard date.second != second else { return }
        date = HTTPDate(second: second)
        document = nil
    }

    private func encode(_ response: APIResponse, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        let body = response.bytes
        var buffer = allocator.buffer(capacity: 320 + body.count)
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(response.status.code))
        buffer.writeStaticString(" ")
        buffer.writeString(response.status.reasonPhrase)
        buffer.writeStaticString("\r\n")
        for field in response.fields {
            buffer.writeString(field.name.rawName)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
        if let length = response.contentLength {
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(length))
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("Date: ")
        buffer.writeString(date.text)
        buffer.writeStaticString("\r\n\r\n")
        buffer.writeBytes(body)
        return buffer
    }
}

/// The value of a `Date` field (RFC 9110 section 5.6.7).
struct HTTPDate {
    /// Unix time in seconds.
    let second: Int
    /// The text, for example `Sun, 06 Nov 1994 08:49:37 GMT`.
    let text: String

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    init(second: Int) {
        self.second = second
        var clock = second
        var parts = unsafe tm()
        unsafe gmtime_r(&clock, &parts)
        let (day, month) = unsafe (Self.days[Int(parts.tm_wday)], Self.months[Int(parts.tm_mon)])
        let numbers = unsafe [parts.tm_mday, parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec]
        let digits = numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }
        text = "\(day), \(digits[0]) \(month) \(digits[1]) \(digits[2]):\(digits[3]):\(digits[4]) GMT"
    }
}
