/// How much room a store takes.
struct StoreExtent: Sendable, Hashable {
    /// Bytes of address space that are mapped now.
    let mapped: Int
    /// Bytes of the data file that hold records, or that did and wait to be used again.
    let used: Int
    /// Number of the last transaction that changed something.
    let transaction: Int
}
