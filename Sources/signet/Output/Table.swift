/// A table for people: a header line, then one line per row, in columns as wide as their longest cell.
struct Table {
    let header: [String]
    var rows: [[String]] = []

    /// The lines of the table. Each cell goes through ``printable(_:)``, which replaces control characters.
    var text: String {
        let lines = ([header] + rows).map { row in row.map(Self.printable) }
        let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { row in
            var line = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.count))
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// Replaces control characters and line breaks with `?`, so that a stored name cannot control the terminal.
    static func printable(_ cell: String) -> String {
        String(
            String.UnicodeScalarView(
                cell.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "?"
                    default: scalar
                    }
                }))
    }
}
