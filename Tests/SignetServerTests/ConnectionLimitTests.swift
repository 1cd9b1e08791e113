import Testing

@testable import SignetServer

@Suite("Connection limit")
struct ConnectionLimitTests {
    @Test(arguments: [(0, 16), (100, 16), (256, 128), (1024, 896), (1_048_576, 8192)])
    func `the API listener leaves 128 descriptors free and has at least 16 connections`(
        descriptors: Int, connections: Int
    ) {
        #expect(ConnectionLimit(descriptors: descriptors).api == connections)
    }
}
