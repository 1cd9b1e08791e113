import Glibc

/// Has a person say yes to something that breaks things.
enum Confirmation {
    /// - Throws: ``Failure`` when nobody sits at a terminal to be asked.
    static func ask(_ question: String) throws -> Bool {
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure("nobody can be asked here; say --yes to do it all the same")
        }
        StandardError.write("\(question) Type yes:")
        return readLine(strippingNewline: true) == "yes"
    }
}
