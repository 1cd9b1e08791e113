import SignetStore

@testable import SignetIssuer

/// One session, lived through: an honest client with several tabs, a network that loses and doubles, a thief, a clock
/// that is corrected, and the properties that hold at every moment.
///
/// The honest client keeps one token for all tabs. It replaces it with an answer only while it is still the one that was
/// sent, gives up an exchange after ``exchangeLimit``, sends again at will while it has no answer, and sends a token that
/// it has just received no sooner than ``leastAge`` later, when its access token nears its end. The issuer's clock may be
/// wrong by up to ``clockError`` in all. With that and a window of 30 s, of which 20 s are left whenever the current token
/// is handed out, a request still under way cannot be overtaken twice.
struct RotationRun {
    static let exchangeLimit = Duration.seconds(10)
    static let leastAge = Duration.seconds(60)
    static let clockError = -4...4

    private struct Message {
        let tab: Int
        let sent: Duration
        let token: String
        /// What the issuer said; `nil` for a request.
        var answer: String?
    }

    private let subject: any RotationSubject
    private let user = UserID.random()
    private let family: FamilyID
    private let bystander: FamilyRecord
    private let firstSize: Int
    private var chain: TokenChain
    /// Time that has really passed, and by how much the issuer's clock is wrong.
    private var elapsed = Duration.zero
    private var skew = 0
    private let start: Timestamp

    private var kept: String
    /// When the client received ``kept``.
    private var keptSince = Duration.zero - RotationRun.leastAge
    private var requests: [Message] = []
    private var answers: [Message] = []
    private var loot: [String] = []
    private var thiefHasActed = false
    private(set) var story: [String] = []

    /// Runs `steps`, and what catches a thief at the end.
    /// - Throws: ``RotationViolation``.
    static func run(_ steps: [RotationStep], on subject: any RotationSubject) async throws {
        var run = try await RotationRun(subject: subject)
        for step in steps { try await run.perform(step) }
        try await run.finish()
    }

    private init(subject: any RotationSubject) async throws {
        self.subject = subject
        start = TestClock.start
        subject.clock.set(to: start)
        let login = try await subject.login(email: "\(user)@example.com", user: user)
        let other = FamilyRecord.sample(of: user)
        try await subject.store.write { try $0.insert(other) }
        bystander = other
        family = login.family
        kept = login.refreshToken
        chain = TokenChain(first: login.refreshToken, at: start, configuration: subject.configuration)
        let id = family
        firstSize = try subject.store.read { try $0.family(id: id)?.encoded().count ?? 0 }
    }

    // MARK: - Steps

    private mutating func perform(_ step: RotationStep) async throws {
        story.append("\(elapsed): \(step)")
        switch step {
        case .send(let tab): send(tab: tab)
        case .duplicate(let choice):
            if let index = Self.pick(choice, of: requests) { requests.append(requests[index]) }
        case .loseRequest(let choice):
            if let index = Self.pick(choice, of: requests) { requests.remove(at: index) }
        case .arrive(let choice):
            if let index = Self.pick(choice, of: requests) { try await arrive([requests.remove(at: index)]) }
        case .arriveTogether:
            let all = requests
            requests = []
            try await arrive(all)
        case .loseAnswer(let choice):
            if let index = Self.pick(choice, of: answers) { answers.remove(at: index) }
        case .deliver(let choice):
            if let index = Self.pick(choice, of: answers) { receive(answers.remove(at: index)) }
        case .wait(let seconds): pass(.seconds(seconds))
        case .pause(let minutes):
            (requests, answers) = ([], [])
            pass(.seconds(60 * minutes))
        case .stepClock(let seconds):
            skew = min(max(skew + seconds, Self.clockError.lowerBound), Self.clockError.upperBound)
            pass(.zero)
        case .restart: try subject.restart()
        case .sweep: try await sweep()
        case .steal(let choice):
            loot.append(chain.handedOut[chain.handedOut.count - 1 - choice % chain.handedOut.count])
        case .exploit(let choice):
            if let index = Self.pick(choice, of: loot) { try await exploit(loot[index]) }
        }
    }

    private static func pick<Element>(_ choice: Int, of elements: [Element]) -> Int? {
        elements.isEmpty ? nil : elements.count - 1 - choice % elements.count
    }

    private var now: Timestamp { subject.clock.now }

    private mutating func pass(_ time: Duration) {
        elapsed += time
        subject.clock.set(to: start + elapsed + .seconds(skew))
        requests.removeAll { elapsed - $0.sent >= Self.exchangeLimit }
        answers.removeAll { elapsed - $0.sent >= Self.exchangeLimit }
    }

    private mutating func send(tab: Int) {
        guard elapsed - keptSince >= Self.leastAge, requests.count < 8 else { return }
        requests.append(Message(tab: tab, sent: elapsed, token: kept))
    }

    private mutating func receive(_ message: Message) {
        guard let answer = message.answer, message.token == kept, answer != kept else { return }
        kept = answer
        keptSince = elapsed
    }

    private mutating func arrive(_ messages: [Message]) async throws {
        var results: [Result<String, IssuerError>] = []
        if messages.count == 1 {
            results = [await Self.present(messages[0].token, to: subject)]
        } else {
            let subject = UncheckedSubject(subject: subject)
            results = await withTaskGroup(of: (Int, Result<String, IssuerError>).self) { group in
                for (index, message) in messages.enumerated() {
                    group.addTask { (index, await Self.present(message.token, to: subject.subject)) }
                }
                return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
        for (message, result) in zip(messages, results) { try note(result, of: message) }
    }

    /// The subject is used by several tasks only while nothing but `refresh` is called, which is safe.
    private struct UncheckedSubject: @unchecked Sendable {
        let subject: any RotationSubject
    }

    private static func present(
        _ token: String, to subject: any RotationSubject
    ) async -> Result<String, IssuerError> {
        do {
            return .success(try await subject.refresh(token))
        } catch let error as IssuerError {
            return .failure(error)
        } catch {
            return .failure(IssuerError(.internal, "\(error)"))
        }
    }

    private mutating func note(_ result: Result<String, IssuerError>, of message: Message) throws {
        try judge(result, of: message.token, by: "tab \(message.tab)")
        guard case .success(let answer) = result else { return }
        answers.append(Message(tab: message.tab, sent: message.sent, token: message.token, answer: answer))
    }

    private mutating func exploit(_ token: String) async throws {
        thiefHasActed = true
        let result = await Self.present(token, to: subject)
        try judge(result, of: token, by: "the thief")
        if case .success(let answer) = result { loot.append(answer) }
    }

    private mutating func sweep() async throws {
        let now = now
        while try await subject.store.write({ try $0.sweep(at: now, limit: 100) }) == 100 {}
        chain.sweep(at: now)
        try checkStore()
    }

    // MARK: - Properties

    private mutating func judge(_ result: Result<String, IssuerError>, of token: String, by whom: String) throws {
        switch result {
        case .success(let answer):
            let broken = chain.accepted(token, answer: answer, at: now)
            story.append("    \(whom): token \(number(token)) yields token \(number(answer))")
            if let broken { throw violation(broken) }
        case .failure(let error):
            let wasAlive = !chain.isRevoked && !chain.isOver(at: now)
            let broken = chain.refused(token, at: now)
            story.append("    \(whom): token \(number(token)) is refused: \(error.detail)")
            guard error.code == .refreshTokenDead || error.code == .refreshTokenInvalid && chain.isSwept else {
                throw violation("a genuine token is refused as dead, found \(error)")
            }
            if wasAlive, !thiefHasActed { throw violation("an honest client alone is not logged out before its time") }
            if let broken { throw violation(broken) }
        }
        try checkStore()
    }

    private func number(_ token: String) -> String { chain.handedOut.firstIndex(of: token).map { "\($0)" } ?? "?" }

    /// What the store holds: this family as the tokens say, of constant size, and the bystander untouched.
    private func checkStore() throws {
        let families = try subject.store.read { try $0.families(of: user, after: nil, limit: 10) }
        let own = families.first { $0.id == family }
        guard families.allSatisfy({ $0.id == family || $0 == bystander }),
            families.contains(bystander) || chain.isSwept || now >= bystander.removableAt || bystanderMayBeSwept
        else { throw violation("other families of the user are untouched") }
        guard let own else {
            if chain.isSwept { return }
            throw violation("a family stays until its end")
        }
        // A record grows by at most 13 bytes: 4 for the parent generation, 8 for the time and 1 for the reason of a revocation.
        guard try own.encoded().count <= firstSize + 13 else { throw violation("state per family is constant") }
        guard (own.revokedAt != nil) == chain.isRevoked else {
            throw violation("a family is revoked when an overtaken token is used, and only then")
        }
        if !chain.isRevoked, try subject.currentToken(of: own) != chain.newest {
            throw violation("the current token is the one that was handed out last")
        }
    }

    private var bystanderMayBeSwept: Bool { elapsed + .seconds(4) >= subject.configuration.refreshTokenIdleLifetime }

    private func violation(_ property: String) -> RotationViolation {
        RotationViolation(property: property, story: story)
    }

    // MARK: - The end

    /// Client, thief and client again use what they hold, each outside the window: then the family is dead. Without a
    /// thief, the client goes on.
    private mutating func finish() async throws {
        (requests, answers) = ([], [])
        for turn in 0..<(loot.isEmpty ? 1 : 3) {
            pass(Self.leastAge + .seconds(30))
            story.append("\(elapsed): turn \(turn) of the end")
            if turn == 1, let token = loot.last {
                try await exploit(token)
            } else {
                let sent = Message(tab: 0, sent: elapsed, token: kept)
                try await arrive([sent])
                if let answer = answers.popLast() { receive(answer) }
            }
        }
        if !loot.isEmpty, !chain.isRevoked, !chain.isOver(at: now) {
            throw violation("once thief and client have each used a token outside the window, the family is dead")
        }
        try await checkBystander()
        let user = user
        try await subject.store.write { _ = try $0.deleteUser(id: user) }
    }

    private func checkBystander() async throws {
        guard chain.isRevoked, now < bystander.removableAt, !bystanderMayBeSwept else { return }
        guard case .success = await Self.present(try subject.currentToken(of: bystander), to: subject) else {
            throw violation("other families of the user are untouched")
        }
    }
}
