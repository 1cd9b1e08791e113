import SignetStore

/// One of the two pages at the head of an LMDB data file (format 1, 64 bit): the roots of one commit.
struct MetaPage {
    /// Bytes that a meta page uses; the rest of its page is nothing.
    static let byteCount = 16 + 136

    let pageSize: Int
    /// The tree of free pages.
    let free: Tree
    /// The tree of tables.
    let main: Tree
    let lastPage: UInt64
    let transactionID: UInt64

    /// One B-tree: how many levels it has and where it begins.
    struct Tree {
        static let byteCount = 48

        let depth: Int
        /// `nil` for a tree without pages.
        let root: UInt64?

        /// Reads an `MDB_db` at `offset`.
        init(_ page: PageBytes, at offset: Int) {
            depth = Int(page.number(UInt16.self, at: offset + 6))
            let root = page.number(UInt64.self, at: offset + 40)
            self.root = root == .max ? nil : root
        }
    }

    /// - Throws: ``StoreError/Code/corrupt`` when this is no meta page of a format that LMDB 0.9 writes.
    init(_ bytes: [UInt8]) throws(StoreError) {
        let page = PageBytes(bytes)
        guard page.count >= Self.byteCount else { throw Self.corrupt("ends inside its first pages; it is truncated") }
        guard page.number(UInt16.self, at: 10) & 0x08 != 0, page.number(UInt32.self, at: 16) == 0xBEEF_C0DE,
            page.number(UInt32.self, at: 20) == 1
        else { throw Self.corrupt("is no LMDB file") }
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
