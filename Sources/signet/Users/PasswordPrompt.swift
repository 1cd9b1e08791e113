import Glibc

/// Asks for a password without showing it, or takes the first line of standard input when nobody types.
enum PasswordPrompt {
    /// - Throws: ``Failure`` when there is no line to read.
    static func read() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(strippingNewline: true) else {
                throw Failure("expected the password as one line on standard input")
            }
            return line
        }
        StandardError.write("Password (not shown):")
        var shown = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &shown) == 0 else { throw Failure("the terminal cannot be read") }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer { _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown) }
        guard let line = readLine(strippingNewline: true) else { throw Failure("no password was typed") }
        return line
    }
}
