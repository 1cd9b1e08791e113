import PrometheusExposition
import SignetStore
import SignetStoreLMDB

/// The store in a data directory. The other files of this target do not name the database.
struct DataStore {
    let store: any Store
    /// Closes the store. Returns when the files are closed.
    let close: () -> Void

    /// Opens the store, and creates it if it is missing.
    static func openOrCreate(_ directory: String, metrics: PrometheusRegistry) throws(StoreError) -> DataStore {
        DataStore(try LMDBStore.open(path: directory, metrics: metrics))
    }

    /// Opens the store. Throws an error if it is missing.
    static func openExisting(_ directory: String) throws(StoreError) -> DataStore {
        DataStore(try LMDBStore.open(path: directory, creating: false))
    }

    private init(_ store: LMDBStore) {
        self.store = store
        close = store.close
    }

    /// The metrics of the store.
    static let metricDescriptions = StoreMetric.allCases.map {
        MetricDescription($0.rawValue, help: $0.help, buckets: $0.buckets)
    }
}
