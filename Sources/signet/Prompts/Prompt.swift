import Glibc

// This folder asks the person at the terminal for a password or a confirmation. Each command decides what to do with
// the answer.

/// Questions to the person at the terminal.
enum Prompt {
    /// Asks for a password or a passphrase without showing it. Reads one line if standard input is not a terminal.
    /// - Parameters:
    ///   - name: the name of the secret in error messages.
    ///   - prompt: the question.
    ///   - twice: whether the person has to type the answer a second time.
    /// - Throws: ``Failure`` if there is no line, or if the two answers differ.
    static func password(
        _ name: String = "password", asking prompt: String = "Password (not shown):", twice: Bool = false
    ) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(strippingNewline: true) else {
                throw Failure("standard input is empty: expected the \(name) as one line")
            }
            return line
        }
        var shown = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &shown) == 0 else {
            throw Failure("the terminal cannot be read: \(unsafe String(cString: strerror(errno)))")
        }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer { _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown) }
        // `TCSAFLUSH` discarded all input that was typed so far. So print the question only now: a person who saw it
        // earlier could lose a fast answer.
        StandardError.write(prompt)
        guard let line = readLine(strippingNewline: true) else {
            throw Failure("no \(name) was typed; nothing was changed")
        }
        if twice {
            StandardError.write("Repeat:")
            guard readLine(strippingNewline: true) == line else {
                throw Failure("the two entries differ; nothing was changed")
            }
        }
        return line
    }

    /// Asks the person to type `yes`.
    /// - Returns: whether the answer is `yes`.
    /// - Throws: ``Failure`` if standard input is not a terminal.
    static func confirm(_ question: String) throws -> Bool {
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure("standard input is not a terminal: pass --yes to skip the confirmation")
        }
        StandardError.write("\(question) Type yes:")
        return readLine(strippingNewline: true) == "yes"
    }
}
