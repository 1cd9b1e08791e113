/// What tells one state of a ``TokenStorage`` from the next: two stamps are equal when nobody has saved in between.
public struct StorageStamp: Sendable, Hashable {
    private let value: any Hashable & Sendable

    /// A stamp that is equal to others of an equal value: a row's version, say, or a file's inode, size and time.
    public init(_ value: some Hashable & Sendable) { self.value = value }

    /// Whether both tell of the same state.
    public static func == (left: StorageStamp, right: StorageStamp) -> Bool {
        AnyHashable(left.value) == AnyHashable(right.value)
    }

    /// By the value, as for equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(value)) }
}
