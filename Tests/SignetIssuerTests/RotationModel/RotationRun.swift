import SignetStore

@testable import SignetIssuer

/// A simulated session with an honest client, a thief, an issuer and an unreliable network.
///
/// The client has several tabs. The network loses and duplicates messages. After every answer of the issuer, the run
/// checks the rules of ``TokenChain`` and the records in the store.
///
/// All tabs of the client share one stored refresh token. When an answer arrives, the client stores the new token only
/// if the stored token is still the one that was sent. The client cancels a request after ``requestLimit``, and may
/// send its token again. The client sends a new token only after at least ``leastAge``. The issuer's clock is wrong by
/// at most the seconds in ``clockError``.
///
/// For 30 s after a rotation (the reuse window), the replaced token still returns the current one. When the issuer
/// answers with the current token, at least 20 s of this window are left. A request takes at most 10 s. Therefore at
/// most one rotation happens while a request is on its way.
struct RotationRun {
    static let requestLimit = Duration.seconds(10)
    static let leastAge = Duration.seconds(60)
    static let clockError = -4...4

    private struct Message {
        let tab: Int
        let sent: Duration
        let token: String
        /// The refresh token in the issuer's answer; `nil` if this message is a request and not an answer.
        var answer: String?
    }

    private let subject: any RotationSubject
    private let user = UserID.random()
    private let family: FamilyID
    private let bystander: FamilyRecord
    private let firstSize: Int
    private var chain: TokenChain
    /// The true time since the start of the session. The clock of the simulated issuer may be wrong by ``skew``
    /// seconds.
    private var elapsed = Duration.zero
    /// Seconds by which the issuer's clock is ahead of true time.
    private var skew = 0
    private let start: Timestamp

    /// The refresh token that the client has stored.
    private var stored: String
    /// The time, since the start of the session, when the client received ``stored``. The initial value is negative, so
    /// that the client may send its first token at once.
    private var storedSince = Duration.zero - RotationRun.leastAge
    private var requests: [Message] = []
    private var answers: [Message] = []
    /// The refresh tokens that the thief has.
    private var stolen: [String] = []
    private var thiefHasActed = false
    private(set) var story: [String] = []

    /// Performs `steps` in a new simulated session. At the end, the client uses its refresh token, and the thief uses a
    /// stolen token if there is one. If both used a token, the issuer must have revoked the family (all refresh tokens
    /// of the login), unless the family has expired.
    /// - Throws: ``RotationViolation`` if the issuer breaks a rule, for example if it refuses the client without a
    ///   theft.
    static func run(_ steps: [RotationStep], on subject: any RotationSubject) async throws {
        var run = try await RotationRun(subject: subject)
        for step in steps { try await run.perform(step) }
        try await run.finish()
    }

    private init(subject: any RotationSubject) async throws {
        self.subject = subject
        start = WallClock.start
        subject.clock.set(to: start)
        let login = try await subject.login(email: "\(user)@example.com", user: user)
        let other = FamilyRecord.sample(of: user)
        try await subject.store.write { try $0.insert(other) }
        bystander = other
        family = login.family
        stored = login.refreshToken
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
            stolen.append(chain.issued[chain.issued.count - 1 - choice % chain.issued.count])
        case .exploit(let choice):
            if let index = Self.pick(choice, of: stolen) { try await exploit(stolen[index]) }
        }
    }

    private static func pick<Element>(_ choice: Int, of elements: [Element]) -> Int? {
        elements.isEmpty ? nil : elements.count - 1 - choice % elements.count
    }

    private var now: Timestamp { subject.clock.now }

    private mutating func pass(_ time: Duration) {
        elapsed += time
        subject.clock.set(to: start + elapsed + .seconds(skew))
        requests.removeAll { elapsed - $0.sent >= Self.requestLimit }
        answers.removeAll { elapsed - $0.sent >= Self.requestLimit }
    }

    private mutating func send(tab: Int) {
        guard elapsed - storedSince >= Self.leastAge, requests.count < 8 else { return }
        requests.append(Message(tab: tab, sent: elapsed, token: stored))
    }

    private mutating func receive(_ message: Message) {
        guard let answer = message.answer, message.token == stored, answer != stored else { return }
        stored = answer
        storedSince = elapsed
    }

    private mutating func arrive(_ messages: [Message]) async throws {
        var results: [Result<String, IssuerError>] = []
        if messages.count == 1 {
            results = [await Self.refresh(messages[0].token, to: subject)]
        } else {
            let subject = UncheckedSubject(subject: subject)
            results = await withTaskGroup(of: (Int, Result<String, IssuerError>).self) { group in
                for (index, message) in messages.enumerated() {
                    group.addTask { (index, await Self.refresh(message.token, to: subject.subject)) }
                }
                return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
        for (message, result) in zip(messages, results) { try receive(result, for: message) }
    }

    /// Makes the issuer under test available to concurrent tasks. `@unchecked Sendable` is safe, because the tasks call
    /// only `refresh`, which allows concurrent calls.
    private struct UncheckedSubject: @unchecked Sendable {
        let subject: any RotationSubject
    }

    private static func refresh(
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

    private mutating func receive(_ result: Result<String, IssuerError>, for message: Message) throws {
        try check(result, of: message.token, by: "tab \(message.tab)")
        guard case .success(let answer) = result else { return }
        answers.append(Message(tab: message.tab, sent: message.sent, token: message.token, answer: answer))
    }

    private mutating func exploit(_ token: String) async throws {
        thiefHasActed = true
        let result = await Self.refresh(token, to: subject)
        try check(result, of: token, by: "the thief")
        if case .success(let answer) = result { stolen.append(answer) }
    }

    private mutating func sweep() async throws {
        let now = now
        // One call of `sweep` removes at most 100 expired records. This small store needs only a few calls. The limit
        // of 1000 calls stops an endless loop if `sweep` is broken.
        for _ in 0..<1000 {
            if try await subject.store.write({ try $0.sweep(at: now, limit: 100) }) < 100 { break }
        }
        chain.sweep(at: now)
        try checkStore()
    }

    // MARK: - Properties

    private mutating func check(_ result: Result<String, IssuerError>, of token: String, by whom: String) throws {
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
                throw violation("a genuine token is refused as refreshTokenDead, found \(error)")
            }
            if wasAlive, !thiefHasActed {
                throw violation("without a thief the client is not logged out before the family expires")
            }
            if let broken { throw violation(broken) }
        }
        try checkStore()
    }

    private func number(_ token: String) -> String { chain.issued.firstIndex(of: token).map { "\($0)" } ?? "?" }

    /// Checks that the session's record in the store (the family) agrees with the issued tokens and stays small, and
    /// that the record of the user's other session is unchanged.
    private func checkStore() throws {
        let families = try subject.store.read { try $0.families(of: user, after: nil, limit: 10) }
        let own = families.first { $0.id == family }
        guard families.allSatisfy({ $0.id == family || $0 == bystander }),
            families.contains(bystander) || chain.isSwept || now >= bystander.removableAt || bystanderMayBeSwept
        else { throw violation("other families of the user are unchanged") }
        guard let own else {
            if chain.isSwept { return }
            throw violation("a family stays in the store until it expires")
        }
        // After the login, the session's record grows by at most 13 bytes: 4 for the rotation counter of the replaced
        // token, 8 for the revocation time, and 1 for the revocation reason.
        guard try own.encoded().count <= firstSize + 13 else { throw violation("state per family is constant") }
        guard (own.revokedAt != nil) == chain.isRevoked else {
            throw violation("a family is revoked if and only if a replaced token was used")
        }
        if !chain.isRevoked, try subject.currentToken(of: own) != chain.newest {
            throw violation("the current token is the one that was issued last")
        }
    }

    private var bystanderMayBeSwept: Bool { elapsed + .seconds(4) >= subject.configuration.refreshTokenIdleLifetime }

    private func violation(_ property: String) -> RotationViolation {
        RotationViolation(property: property, story: story)
    }

    // MARK: - The end

    /// Ends the simulated session.
    ///
    /// If the thief has no token, the client uses its token once. If the thief has one, three uses follow: by the
    /// client, by the thief, and by the client again. The reuse window ends before each use. The issuer must then have
    /// revoked the family (all refresh tokens of the login), unless the family has expired.
    private mutating func finish() async throws {
        (requests, answers) = ([], [])
        for turn in 0..<(stolen.isEmpty ? 1 : 3) {
            pass(Self.leastAge + .seconds(30))
            story.append("\(elapsed): final turn \(turn)")
            if turn == 1, let token = stolen.last {
                try await exploit(token)
            } else {
                let sent = Message(tab: 0, sent: elapsed, token: stored)
                try await arrive([sent])
                if let answer = answers.popLast() { receive(answer) }
            }
        }
        if !stolen.isEmpty, !chain.isRevoked, !chain.isOver(at: now) {
            throw violation("after thief and client each used a token outside the reuse window, the family is revoked")
        }
        try await checkBystander()
        let user = user
        try await subject.store.write { _ = try $0.deleteUser(id: user) }
    }

    private func checkBystander() async throws {
        guard chain.isRevoked, now < bystander.removableAt, !bystanderMayBeSwept else { return }
        guard case .success = await Self.refresh(try subject.currentToken(of: bystander), to: subject) else {
            throw violation("other families of the user are unchanged")
        }
    }
}

/// The rule of token rotation that the issuer broke, and the steps that led to it.
struct RotationViolation: Error, CustomStringConvertible {
    let property: String
    /// The steps and the issuer's answers until the violation, one line each.
    let story: [String]

    var description: String { (story + ["VIOLATED: \(property)"]).joined(separator: "\n") }
}
