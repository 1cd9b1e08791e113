import TestSupport

/// A step of a simulated session.
///
/// An associated value without a label selects a message or a token: 0 is the newest, and a number beyond the oldest
/// wraps around. A step that is not possible does nothing, for example the delivery of an answer when there is none. So
/// any step can be removed from a sequence.
enum RotationStep: Hashable, Sendable, CustomStringConvertible {
    /// A tab of the client sends the stored refresh token.
    case send(tab: Int)
    /// The network duplicates a request: 0 is the newest request on its way, 1 the one before it.
    case duplicate(Int)
    case loseRequest(Int)
    /// A request reaches the issuer, which sends an answer. 0 is the newest request on its way, 1 the one before it.
    case arrive(Int)
    /// All requests that are on their way reach the issuer at the same time.
    case arriveTogether
    case loseAnswer(Int)
    /// An answer reaches the tab that sent the request. 0 is the newest answer on its way, 1 the one before it.
    case deliver(Int)
    case wait(seconds: Int)
    /// The given number of minutes passes, and the network loses all messages that are on their way.
    case pause(minutes: Int)
    /// The issuer's clock is set ahead by some seconds, or back if the number is negative.
    case stepClock(seconds: Int)
    /// The issuer's process restarts and opens the store again.
    case restart
    case sweep
    /// The thief copies a refresh token: 0 is the one issued last, 1 the one before it.
    case steal(Int)
    /// The thief uses a stolen token: 0 is the one stolen last, 1 the one before it.
    case exploit(Int)

    var description: String {
        switch self {
        case .send(let tab): "tab \(tab) sends"
        case .duplicate(let choice): "request \(choice) is duplicated"
        case .loseRequest(let choice): "request \(choice) is lost"
        case .arrive(let choice): "request \(choice) arrives"
        case .arriveTogether: "all requests arrive together"
        case .loseAnswer(let choice): "answer \(choice) is lost"
        case .deliver(let choice): "answer \(choice) is delivered"
        case .wait(let seconds): "\(seconds) s pass"
        case .pause(let minutes): "\(minutes) min pass, the network is empty"
        case .stepClock(let seconds): "the issuer's clock steps by \(seconds) s"
        case .restart: "the issuer restarts"
        case .sweep: "the store is swept"
        case .steal(let choice): "the thief copies token \(choice)"
        case .exploit(let choice): "the thief uses stolen token \(choice)"
        }
    }

    /// Steps of the same kind as this step, with smaller numbers. The simplest step is first.
    var simplifications: [RotationStep] {
        switch self {
        case .send(let tab): Self.smaller(tab).map { .send(tab: $0) }
        case .duplicate(let choice): Self.smaller(choice).map { .duplicate($0) }
        case .loseRequest(let choice): Self.smaller(choice).map { .loseRequest($0) }
        case .arrive(let choice): Self.smaller(choice).map { .arrive($0) }
        case .loseAnswer(let choice): Self.smaller(choice).map { .loseAnswer($0) }
        case .deliver(let choice): Self.smaller(choice).map { .deliver($0) }
        case .wait(let seconds): Self.smaller(seconds).map { .wait(seconds: $0) }
        case .pause(let minutes): Self.smaller(minutes).map { .pause(minutes: $0) }
        case .stepClock(let seconds): Self.smaller(seconds).map { .stepClock(seconds: $0) }
        case .steal(let choice): Self.smaller(choice).map { .steal($0) }
        case .exploit(let choice): Self.smaller(choice).map { .exploit($0) }
        case .arriveTogether: [.arrive(0)]
        case .restart, .sweep: []
        }
    }

    private static func smaller(_ number: Int) -> [Int] {
        number == 0 ? [] : Array(Set([0, number / 2, number - number.signum()])).sorted { abs($0) < abs($1) }
    }
}

extension RotationStep {
    /// A random sequence of 6 to 32 steps. In about half of the sequences, a thief may steal tokens.
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
