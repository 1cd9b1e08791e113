/// The bounds that the records document, checked before a record is stored.
enum RecordBounds {
    /// - Throws: ``StoreError/Code/invalidRecord`` naming the field, never its value.
    static func check(
        _ field: String, of kind: String, count: Int, within bounds: ClosedRange<Int>
    ) throws(StoreError) {
        guard bounds.contains(count) else {
            throw StoreError(
                .invalidRecord,
                "\(field) of a \(kind) record has \(count) bytes, not \(bounds.lowerBound)…\(bounds.upperBound)")
        }
    }
}
