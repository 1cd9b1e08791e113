/// One thing that happens in a simulated session. Numbers that pick something count from the newest and wrap around, and
/// a step that cannot happen does nothing: any part of a sequence is a sequence.
enum RotationStep: Hashable, Sendable, CustomStringConvertible {
    /// A tab of the client sends the token that the tabs share.
    case send(tab: Int)
    /// The network makes a second copy of a request.
    case duplicate(Int)
    case loseRequest(Int)
    /// A request reaches the issuer, whose answer sets out.
    case arrive(Int)
    /// All requests reach the issuer at the same moment.
    case arriveTogether
    case loseAnswer(Int)
    /// An answer reaches its tab.
    case deliver(Int)
    case wait(seconds: Int)
    /// Much time passes, and whatever was in the network is lost.
    case pause(minutes: Int)
    /// The issuer's clock is corrected.
    case stepClock(seconds: Int)
    /// The issuer's process ends, and another opens the same store.
    case restart
    case sweep
    /// The thief copies one of all the tokens that were ever made.
    case steal(Int)
    /// The thief uses one of the tokens that are in his hands.
    case exploit(Int)

    var description: String {
        switch self {
        case .send(let tab): "tab \(tab) sends"
        case .duplicate(let choice): "request \(choice) is doubled"
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
        case .exploit(let choice): "the thief uses his token \(choice)"
        }
    }

    /// The same kind of step with smaller numbers, simplest first.
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
