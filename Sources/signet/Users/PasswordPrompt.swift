import Glibc

/// Asks for a password, or a passphrase, without showing it, or takes the first line of standard input when nobody types.
enum PasswordPrompt {
    /// - Parameters:
    ///   - name: what it is called.
    ///   - prompt: what to say to whoever types.
    ///   - twice: whether it has to be typed a second time.
    /// - Throws: ``Failure`` when there is no line to read, or the second one differs.
    static func read(
        _ name: String = "password", asking prompt: String = "Password (not shown):", twice: Bool = false
    ) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(strippingNewline: true) else {
                throw Failure("expected the \(name) as one line on standard input")
            }
            return line
        }
        var shown = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &shown) == 0 else { throw Failure("the terminal cannot be read") }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer { _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown) }
        // Not before: what is typed earlier would be shown, and flushed.
        StandardError.write(prompt)
        guard let line = readLine(strippingNewline: true) else { throw Failure("nothing was typed") }
        if twice {
            StandardError.write("Once more:")
            guard readLine(strippingNewline: true) == line else {
                throw Failure("the two are not the same; nothing was changed")
            }
        }
        return line
    }
}
