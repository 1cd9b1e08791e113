/// Rows for people: columns padded to their widest cell, header first.
struct Table {
    let header: [String]
    var rows: [[String]] = []

    /// Control characters in cells are shown as `?`: a stored name must not steer the terminal.
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

    /// Text of others, safe for a terminal and on one line.
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
