import SignetStore

/// Reads records in one transaction.
struct LMDBReader: TransactionReader {
    let transaction: LMDBTransaction
}
