extension Span<UInt8> {
    /// The first place at or after `start` where `byte` stands; adds to `work` how many bytes were passed on the way.
    func firstIndex(of byte: UInt8, from start: Int, work: inout Int) -> Int? {
        var position = start
        defer { work += position - start }
        // Whole blocks first: without a branch on each byte they are compared sixteen bytes at a time.
        while position &+ 32 <= count {
            var marks: UInt8 = 0
            for offset in 0..<32 {
                // The highest bit of the mark is set for zero alone, which is the byte looked for.
                let difference = unsafe self[unchecked: position &+ offset] ^ byte
                marks |= (difference &- 1) & ~difference
            }
            if marks >= 0x80 { break }
            position &+= 32
        }
        while position < count {
            if self[position] == byte { return position }
            position += 1
        }
        return nil
    }
}
