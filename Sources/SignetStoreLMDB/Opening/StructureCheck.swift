import SignetStore

/// Checks the B-trees of one snapshot of a data file for missing and damaged pages.
///
/// LMDB does not check its file. It would read past the end of a truncated file, and the system would kill the process.
/// The check reads every branch page and at most ``leafLimit`` leaf pages.
///
/// If the file is shorter than its meta page says, the check reads every leaf page. A short file is not always damaged:
/// if a transaction allocates the last page and frees it again, LMDB counts the page but does not write it.
struct StructureCheck {
    /// The maximum number of leaf pages to read, unless the file is shorter than its meta page says. With pages of 4
    /// KiB, this is 64 MiB.
    static let leafLimit = 16384

    private static let headerSize = 16
    private static let nodeHeaderSize = 8

    private let meta: MetaPage
    private let byteCount: Int
    private let read: (_ page: UInt64, _ count: Int) throws(StoreError) -> [UInt8]
    private var leavesToRead: Int
    /// The number of branch and leaf pages that were visited. After ``run()``, the number of all such pages.
    private(set) var visited: UInt64 = 0
    private var unvisited: [(page: UInt64, height: Int)] = []

    /// Prepares the check; ``run()`` performs it.
    /// - Parameters:
    ///   - meta: the meta page of the snapshot.
    ///   - byteCount: the length of the file.
    ///   - read: a function that returns the bytes of `count` pages from page number `page` on, or fewer bytes if the
    ///     file ends earlier.
    init(
        meta: MetaPage, byteCount: Int, read: @escaping (_ page: UInt64, _ count: Int) throws(StoreError) -> [UInt8]
    ) {
        self.meta = meta
        self.byteCount = byteCount
        self.read = read
        let isWhole = UInt64(byteCount) >= (meta.lastPage + 1) * UInt64(meta.pageSize)
        leavesToRead = isWhole ? Self.leafLimit : .max
    }

    /// Checks the B-tree of free pages, and the B-trees of all tables.
    /// - Throws: ``StoreError/Code/corrupt`` at the first fault; any error of the `read` function.
    mutating func run() throws(StoreError) {
        try add(meta.free)
        try add(meta.main)
        while let (page, height) = unvisited.popLast() {
            visited += 1
            // An undamaged file refers to each page once. If more pages were visited than the file has, some page was
            // visited twice.
            guard visited <= meta.lastPage else { throw corrupt("refers to a page more than once") }
            if height > 1 {
                try visitBranch(page, height: height)
            } else if leavesToRead > 0 {
                leavesToRead -= 1
                try visitLeaf(page)
            }
        }
    }

    private mutating func add(_ tree: MetaPage.Tree) throws(StoreError) {
        guard let root = tree.root else { return }
        // LMDB's cursors support at most 32 levels.
        guard (1...32).contains(tree.depth) else { throw corrupt("has a tree of \(tree.depth) levels") }
        try add(root, height: tree.depth)
    }

    private mutating func add(_ page: UInt64, height: Int) throws(StoreError) {
        try check(page, count: 1)
        unvisited.append((page: page, height: height))
    }

    private func check(_ page: UInt64, count: UInt64) throws(StoreError) {
        guard page > 1, page <= meta.lastPage, count <= meta.lastPage + 1 - page else {
            throw corrupt("refers to page \(page), which does not exist")
        }
        guard (page + count) * UInt64(meta.pageSize) <= UInt64(byteCount) else {
            throw corrupt("ends before page \(page), which is in use, so it was truncated")
        }
    }

    private mutating func visitBranch(_ number: UInt64, height: Int) throws(StoreError) {
        let page = try load(number, kind: 0x01)
        let nodes = try nodes(of: page, number)
        guard !nodes.isEmpty else { throw damaged(number) }
        for node in nodes {
            let low = UInt64(page.number(UInt32.self, at: node))
            let high = UInt64(page.number(UInt16.self, at: node + 4))
            try add(low | high << 32, height: height - 1)
        }
    }

    private mutating func visitLeaf(_ number: UInt64) throws(StoreError) {
        let page = try load(number, kind: 0x02)
        for node in try nodes(of: page, number) {
            let size = Int(page.number(UInt32.self, at: node))
            let flags = page.number(UInt16.self, at: node + 4)
            let value = node + Self.nodeHeaderSize + Int(page.number(UInt16.self, at: node + 6))
            switch flags {
            case 0:
                guard value + size <= page.count else { throw damaged(number) }
            case 0x01:  // The value is on overflow pages.
                guard value + 8 <= page.count else { throw damaged(number) }
                let count = (Self.headerSize + size + meta.pageSize - 1) / meta.pageSize
                try visitOverflow(page.number(UInt64.self, at: value), count: UInt64(count))
            case 0x02:  // The value is the tree of a table.
                guard size == MetaPage.Tree.byteCount, value + size <= page.count else { throw damaged(number) }
                try add(MetaPage.Tree(page, at: value))
            default:
                throw damaged(number)
            }
        }
    }

    private func visitOverflow(_ number: UInt64, count: UInt64) throws(StoreError) {
        try check(number, count: count)
        let page = try load(number, kind: 0x04)
        guard UInt64(page.number(UInt32.self, at: 12)) >= count else { throw damaged(number) }
    }

    private func load(_ number: UInt64, kind: UInt16) throws(StoreError) -> PageBytes {
        let page = PageBytes(try read(number, 1))
        guard page.count == meta.pageSize, page.number(UInt64.self, at: 0) == number,
            page.number(UInt16.self, at: 10) == kind
        else { throw damaged(number) }
        return page
    }

    /// Returns the offsets of the nodes of a page. Checks that the header and the key of each node are inside the page.
    private func nodes(of page: PageBytes, _ number: UInt64) throws(StoreError) -> [Int] {
        let lower = Int(page.number(UInt16.self, at: 12))
        let upper = Int(page.number(UInt16.self, at: 14))
        guard Self.headerSize <= lower, lower <= upper, upper <= page.count, lower.isMultiple(of: 2) else {
            throw damaged(number)
        }
        var nodes: [Int] = []
        for offset in stride(from: Self.headerSize, to: lower, by: 2) {
            let node = Int(page.number(UInt16.self, at: offset))
            guard node >= upper, node + Self.nodeHeaderSize <= page.count,
                node + Self.nodeHeaderSize + Int(page.number(UInt16.self, at: node + 6)) <= page.count
            else { throw damaged(number) }
            nodes.append(node)
        }
        return nodes
    }

    private func damaged(_ page: UInt64) -> StoreError { corrupt("is damaged at page \(page)") }

    private func corrupt(_ finding: String) -> StoreError {
        StoreError(.corrupt, "the store's data file \(finding); restore it from a backup")
    }
}
