import SignetStore

/// One of the two meta pages at the start of an LMDB data file (format 1, 64 bit). A meta page describes one commit: it
/// has the root pages of the B-trees.
struct MetaPage {
    /// The bytes in use at the start of a meta page: a page header of 16 bytes and LMDB's meta structure of 136 bytes.
    static let byteCount = 16 + 136

    let pageSize: Int
    /// The B-tree of free pages.
    let free: Tree
    /// LMDB's main B-tree. It maps the name of each table to the root page of the table.
    let main: Tree
    let lastPage: UInt64
    let transactionID: UInt64

    /// A B-tree: the number of its levels and its root page.
    struct Tree {
        static let byteCount = 48

        let depth: Int
        /// The number of the root page; `nil` for an empty tree.
        let root: UInt64?

        /// Decodes the `MDB_db` structure at `offset`.
        init(_ page: PageBytes, at offset: Int) {
            depth = Int(page.number(UInt16.self, at: offset + 6))
            let root = page.number(UInt64.self, at: offset + 40)
            self.root = root == .max ? nil : root
        }
    }

    /// Decodes a meta page.
    /// - Throws: ``StoreError/Code/corrupt`` if the bytes are not a meta page of LMDB 0.9.
    init(_ bytes: [UInt8]) throws(StoreError) {
        let page = PageBytes(bytes)
        guard page.count >= Self.byteCount else { throw Self.corrupt("ends inside its first pages; it is truncated") }
        guard page.number(UInt16.self, at: 10) & 0x08 != 0, page.number(UInt32.self, at: 16) == 0xBEEF_C0DE,
            page.number(UInt32.self, at: 20) == 1
        else { throw Self.corrupt("is not an LMDB file") }
        pageSize = Int(page.number(UInt32.self, at: 40))
        free = Tree(page, at: 40)
        main = Tree(page, at: 88)
        lastPage = page.number(UInt64.self, at: 136)
        transactionID = page.number(UInt64.self, at: 144)
        guard pageSize.nonzeroBitCount == 1, (512...65536).contains(pageSize), (1..<1 << 44).contains(lastPage) else {
            throw Self.corrupt("has a damaged first page")
        }
    }

    private static func corrupt(_ finding: String) -> StoreError {
        StoreError(.corrupt, "the store's data file \(finding); restore it from a backup")
    }
}

/// The bytes of a page. ``number(_:at:)`` reads an integer from them.
struct PageBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    /// Reads the integer at `offset`. All of its bytes must be inside the page.
    func number<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type, at offset: Int) -> Value {
        // LMDB uses the machine's byte order, which is little-endian on all supported machines.
        bytes[offset..<offset + Value.bitWidth / 8].reversed().reduce(0) { $0 << 8 | Value($1) }
    }
}
