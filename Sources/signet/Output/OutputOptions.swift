import ArgumentParser
import SignetStore

/// The option `--json`: a command prints its result as JSON instead of text.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON.") var json = false
}

/// The options `--limit` and `--after`, which select the part of a list that a command prints. Lists are sorted by id.
struct PageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Maximum number of rows.", valueName: "number")) var limit = 1000
    @Option(help: ArgumentHelp("Print only rows after this id, to continue an earlier list.", valueName: "id"))
    var after: String?

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 100000.") }
    }

    /// The id in ``after``, which is the last row of the previous page; `nil` to start at the first row.
    /// - Parameter noun: the kind of record that the list shows, for the error message. Example: `a user`.
    /// - Throws: ``Failure`` if ``after`` is not an id.
    func cursor<Record>(of noun: String) throws -> RecordID<Record>? {
        try after.map { text in
            guard let id = RecordID<Record>(text) else { throw Failure("--after must be the id of \(noun)") }
            return id
        }
    }

    /// If the page is full (``limit`` rows), prints on standard error how to get the next page. `count` is the number
    /// of rows on the page, and `last` is the id of the last one.
    func noteFullPage<Record>(of count: Int, upTo last: RecordID<Record>?) {
        guard count == limit, let last else { return }
        StandardError.write("There may be more: continue with --after \(last)")
    }
}
