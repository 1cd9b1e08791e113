import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet sessions`: the commands that list and revoke sessions (logins with their refresh tokens).
struct Sessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List and revoke sessions. A session is one login with all its refresh tokens.",
        subcommands: [SessionsList.self, SessionsRevoke.self])
}

/// `signet sessions list`: prints sessions.
struct SessionsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List sessions, sorted by id.")

    @Option(help: "List only sessions of this user: an id or an e-mail address.") var user: String?
    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let cursor: FamilyID? = try page.cursor(of: "a session")
        let sessions = try await data.withAdministration { administration in
            try await administration.sessions(of: user, after: cursor, limit: page.limit)
        }
        let now = Timestamp.system()
        let views = sessions.map { SessionView(session: $0, now: now) }
        if output.json {
            JSONOutput.print(.array(views.map(\.json)))
        } else {
            print(Table(header: SessionView.header, rows: views.map(\.row)).text)
            page.noteFullPage(of: sessions.count, upTo: sessions.last?.id)
        }
    }
}

/// `signet sessions revoke`: revokes one session, or all sessions of a user.
struct SessionsRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke one session, or all sessions of a user.",
        usage: """
            signet sessions revoke <session>
            signet sessions revoke --user <user>
            """,
        discussion: """
            The user has to log in again. Services that use neither status lists nor introspection accept the access \
            tokens of the session until they expire.
            """)

    @Argument(help: "Id of the session, as 'signet sessions list' shows it.") var session: String?
    @Option(help: "Revoke all sessions of this user: an id or an e-mail address.") var user: String?
    @OptionGroup var data: DataOptions

    func validate() throws {
        switch (session, user) {
        case (nil, nil):
            throw ValidationError(
                "Pass the id of a session, as 'signet sessions list' shows it, or --user for all sessions of a user.")
        case (_?, _?): throw ValidationError("Pass the id of a session or --user, not both.")
        default: break
        }
    }

    func run() async throws {
        let count = try await data.withAdministration { administration in
            if let user { return try await administration.revokeSessions(of: user) }
            return try await administration.revokeSession(session ?? "") ? 1 : 0
        }
        print("Revoked \(count) session\(count == 1 ? "" : "s").")
    }
}

/// Formats a session for output: as a table row for people or as a JSON object for scripts.
struct SessionView {
    let session: Session
    let now: Timestamp

    static let header = ["SESSION", "USER", "STATE", "DEVICE", "LAST ADDRESS", "CREATED", "LAST USED", "EXPIRES"]

    var row: [String] {
        [
            session.id.description, session.userID.description, state, session.device, session.lastUsedAddress,
            session.createdAt.rfc3339Seconds, session.lastUsedAt.rfc3339Seconds, session.expiresAt.rfc3339Seconds,
        ]
    }

    var json: JSONValue {
        var object: JSONObject = [
            "id": .string(session.id.description), "user": .string(session.userID.description),
            "state": .string(state), "device": .string(session.device),
            "created_address": .string(session.createdAddress), "last_used_address": .string(session.lastUsedAddress),
            "created_at": .string(session.createdAt.rfc3339Seconds),
            "last_used_at": .string(session.lastUsedAt.rfc3339Seconds),
            "expires_at": .string(session.expiresAt.rfc3339Seconds), "generation": .integer(Int64(session.generation)),
        ]
        if let time = session.revokedAt { object["revoked_at"] = .string(time.rfc3339Seconds) }
        return .object(object)
    }

    private var state: String { session.state(at: now).rawValue }
}
