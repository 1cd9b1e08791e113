extension Setting {
    /// The setting that a misspelt variable name most likely means; `nil` if no setting has a similar name.
    ///
    /// A setting's name is similar if it can be made by adding, dropping or replacing up to a third of the letters of
    /// `name`. Up to two letters may always differ.
    package static func nearest(to name: String) -> Setting? {
        let letters = Array(name.uppercased().utf8.dropFirst(name.hasPrefix(environmentPrefix) ? prefixCount : 0))
        // A name of more than 64 letters counts as similar to no setting. The limit keeps the comparison fast.
        guard letters.count <= 64 else { return nil }
        let most = max(2, letters.count / 3)
        let candidates = allCases.map { setting in
            (setting, distance(letters, Array(setting.environmentName.utf8.dropFirst(prefixCount))))
        }
        guard let nearest = candidates.min(by: { $0.1 < $1.1 }), nearest.1 <= most else { return nil }
        return nearest.0
    }

    private static let prefixCount = environmentPrefix.utf8.count

    /// The Levenshtein distance: how many letters must be added, dropped or replaced to turn one name into the other.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (letter == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[right.count]
    }
}
