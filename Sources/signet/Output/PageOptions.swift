import ArgumentParser
import SignetStore

/// Which part of a list a command prints; lists are in the order of ids.
struct PageOptions: ParsableArguments {
    @Option(help: "How many at most.") var limit = 1000
    @Option(help: ArgumentHelp("Only those after this id.", valueName: "id")) var after: String?

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 100000.") }
    }

    /// The id in ``after``.
    /// - Parameter noun: what has such ids, with its article.
    func cursor<Record>(of noun: String) throws -> RecordID<Record>? {
        try after.map { text in
            guard let id = RecordID<Record>(text) else { throw Failure("--after must be the id of \(noun)") }
            return id
        }
    }

    /// Says on standard error that a full page was printed, whose last row has the id `last`.
    func noteFullPage<Record>(of count: Int, upTo last: RecordID<Record>?) {
        guard count == limit, let last else { return }
        StandardError.write("There may be more: go on with --after \(last)")
    }
}
