import CLMDB

extension MDB_val {
    /// Refers to `bytes` without copying; valid as long as they are. LMDB only reads through it.
    @unsafe
    init(borrowing bytes: UnsafeRawBufferPointer) {
        unsafe self.init(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    /// A copy of what the value refers to.
    var bytes: [UInt8] {
        @unsafe get { unsafe Array(UnsafeRawBufferPointer(start: mv_data, count: mv_size)) }
    }
}
