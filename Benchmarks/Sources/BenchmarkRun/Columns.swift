import Foundation

/// Formats the lines of a text table with fixed column widths.
package struct Columns {
    private let widths: [Int]

    /// Sets the width of each column in characters. Cells align right for a positive width, left for a negative one.
    package init(_ widths: Int...) { self.widths = widths }

    /// Formats one line of the table. Cells beyond the last column are appended without padding.
    package func line(_ cells: String...) -> String {
        let padded = zip(cells, widths).map { cell, width in
            let padding = String(repeating: " ", count: max(0, abs(width) - cell.count))
            return width < 0 ? cell + padding : padding + cell
        }
        return (padded + cells.dropFirst(widths.count)).joined(separator: "  ")
    }

    /// Formats a number rounded to a whole number.
    package static func whole(_ number: Double) -> String { String(Int(number.rounded())) }

    /// Formats a number with two decimals.
    package static func fixed(_ number: Double) -> String { String(format: "%.2f", number) }
}
