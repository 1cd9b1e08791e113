import CLMDB

/// The open handles of all tables of one environment.
struct Tables: Sendable {
    private let handles: [MDB_dbi]

    /// - Parameter handles: one per table, in the order of `Table.allCases`.
    init(handles: [MDB_dbi]) {
        precondition(handles.count == Table.allCases.count, "a table has no handle")
        self.handles = handles
    }

    subscript(table: Table) -> MDB_dbi { handles[table.index] }
}
