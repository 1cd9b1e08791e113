extension RotationStep {
    /// A sequence for `seed`: every second one has a thief in it.
    static func sequence(seed: UInt64) -> [RotationStep] {
        var generator = SeededGenerator(seed: seed)
        let hasThief = generator.next() % 2 == 0
        let length = Int.random(in: 6...32, using: &generator)
        return (0..<length).map { _ in random(withThief: hasThief, using: &generator) }
    }

    private static func random(withThief hasThief: Bool, using generator: inout SeededGenerator) -> RotationStep {
        let choice = Int.random(in: 0..<4, using: &generator)
        switch Int.random(in: 0..<(hasThief ? 100 : 76), using: &generator) {
        case 0..<18: return .send(tab: choice)
        case 18..<30: return .arrive(choice)
        case 30..<33: return .arriveTogether
        case 33..<47: return .deliver(choice)
        case 47..<49: return .duplicate(choice)
        case 49..<51: return .loseRequest(choice)
        case 51..<55: return .loseAnswer(choice)
        case 55..<60: return .wait(seconds: Int.random(in: 1...12, using: &generator))
        case 60..<66: return .wait(seconds: Int.random(in: 13...300, using: &generator))
        case 66..<71: return .pause(minutes: Int.random(in: 1...100, using: &generator))
        case 71..<74: return .stepClock(seconds: Int.random(in: -4...4, using: &generator))
        case 74: return .restart
        case 75: return .sweep
        case 76..<84: return .steal(choice)
        default: return .exploit(choice)
        }
    }
}
