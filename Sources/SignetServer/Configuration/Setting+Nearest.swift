extension Setting {
    /// The setting whose variable somebody most likely meant who wrote `name`: the one with the fewest letters added,
    /// dropped or replaced, if these are no more than a third of the name, or two. `nil` when none is that near.
    package static func nearest(to name: String) -> Setting? {
        let start = "SIGNET_"
        let letters = Array(name.uppercased().utf8.dropFirst(name.hasPrefix(start) ? start.utf8.count : 0))
        // Nobody means a setting by a name that is much longer than all of them.
        guard letters.count <= 64 else { return nil }
        let most = max(2, letters.count / 3)
        let candidates = allCases.map { setting in
            (setting, distance(letters, Array(setting.environmentName.utf8.dropFirst(start.utf8.count))))
        }
        guard let nearest = candidates.min(by: { $0.1 < $1.1 }), nearest.1 <= most else { return nil }
        return nearest.0
    }

    /// How many letters have to be added, dropped or replaced to make one of the other.
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
