import Glibc
import LocalFiles
import TestSupport
import Testing

@Suite("A readable file", .timeLimit(.minutes(1)))
struct ReadableFileTests {
    private let directory = TemporaryDirectory()

    @Test func `is read up to its bound and refused beyond it`() throws {
        try directory.write(Array(repeating: 7, count: 10), to: "file")
        let path = directory.path("file")
        #expect(try ReadableFile(path: path).read(maximumBytes: 10).count == 10)
        #expect(throws: LocalFileError(.tooLarge(maximumBytes: 9), path: path)) {
            try ReadableFile(path: path).read(maximumBytes: 9)
        }
        #expect(try ReadableFile(path: path).read(upTo: 3) == [7, 7, 7])
    }

    @Test func `tells its permissions, its owner and its state`() throws {
        try directory.write([1], to: "file", mode: 0o640)
        let path = directory.path("file")
        let fingerprint = try ReadableFile(path: path).fingerprint
        #expect(try ReadableFile(path: path).permissions == 0o640)
        #expect(try ReadableFile(path: path).owner == getuid())
        #expect(FileFingerprint(path: path) == fingerprint)
        try directory.write([1, 2], to: "file")
        #expect(FileFingerprint(path: path) != fingerprint)
    }

    @Test func `is no directory and no pipe, and opening a pipe does not wait for a writer`() throws {
        let pipe = directory.path("pipe")
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        for path in [pipe, directory.path] {
            #expect(throws: LocalFileError(.notRegular, path: path)) { try ReadableFile(path: path).read(upTo: 1) }
        }
    }

    @Test func `is reported as missing by its path`() {
        let path = directory.path("absent")
        #expect(throws: LocalFileError(.missing, path: path)) { try ReadableFile(path: path).read(upTo: 1) }
        #expect(LocalFileError(.missing, path: path).description == "\(path) does not exist")
    }
}

@Suite("A private file")
struct PrivateFileTests {
    private let directory = TemporaryDirectory()

    @Test func `is created with mode 0600, replaced in one step, and removed`() throws {
        let file = PrivateFile(path: directory.path("secret"))
        try file.write([1, 2, 3])
        #expect(try directory.mode(of: "secret") == 0o600)
        try directory.write([9], to: "secret" + PrivateFile.draftSuffix)
        try file.write([4])
        #expect(directory.files() == ["secret": [4]])
        try file.remove()
        try file.remove()
        #expect(directory.names.isEmpty)
    }

    @Test func `keeps its content when the new content cannot take its place`() throws {
        let folder = directory.path("folder")
        try #require(unsafe mkdir(folder, 0o700) == 0)
        #expect(throws: LocalFileError.self) { try PrivateFile(path: folder).write([1]) }
        #expect(directory.names == ["folder"])
    }

    @Test(arguments: [("/a/b", "/a"), ("/a", "/"), ("a", "."), ("a/b/", "a"), ("/a/b//", "/a")])
    func `lies in the directory before its last slash`(path: String, directory: String) {
        #expect(Directory.containing(path) == directory)
    }
}

@Suite("A file lock")
struct FileLockTests {
    private let directory = TemporaryDirectory()

    @Test func `is held by one object at a time, and free when that one goes`() throws {
        let path = directory.path("lock")
        var first: FileLock? = try FileLock(path: path)
        let second = try FileLock(path: path)
        #expect(try first?.tryLock() == true)
        #expect(try !second.tryLock())
        first = nil
        #expect(try second.tryLock())
        #expect(second.isInPlace)
        try PrivateFile(path: path).remove()
        #expect(!second.isInPlace)
    }

    @Test func `is no symbolic link and no pipe`() throws {
        let (link, pipe) = (directory.path("link"), directory.path("pipe"))
        try #require(unsafe symlink("/etc/passwd", link) == 0 && mkfifo(pipe, 0o600) == 0)
        #expect(throws: LocalFileError(.system(.create, errno: ELOOP), path: link)) { try FileLock(path: link) }
        #expect(throws: LocalFileError(.notRegular, path: pipe)) { try FileLock(path: pipe) }
    }
}
