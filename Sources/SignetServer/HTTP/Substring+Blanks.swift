extension Substring {
    /// Without the spaces and tabs at both ends (`OWS`, RFC 9110 section 5.6.3).
    func trimmingBlanks() -> Substring {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        let rest = drop(while: isBlank)
        return rest.prefix(upTo: rest.lastIndex { !isBlank($0) }.map(rest.index(after:)) ?? rest.startIndex)
    }
}
