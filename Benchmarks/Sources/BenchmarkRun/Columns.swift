import Foundation

/// Lines of a text table.
package struct Columns {
    private let widths: [Int]

    /// - Parameter widths: the width of each column; a negative one aligns to the left.
    package init(_ widths: Int...) { self.widths = widths }

    /// One line. A cell beyond the last column is appended without padding.
    package func line(_ cells: String...) -> String {
        let padded = zip(cells, widths).map { cell, width in
            let padding = String(repeating: " ", count: max(0, abs(width) - cell.count))
            return width < 0 ? cell + padding : padding + cell
        }
        return (padded + cells.dropFirst(widths.count)).joined(separator: "  ")
    }

    /// A number without a fraction.
    package static func whole(_ number: Double) -> String { String(Int(number.rounded())) }

    /// A number with two decimals.
    package static func fixed(_ number: Double) -> String { String(format: "%.2f", number) }
}
