import Testing

@testable import SignetServer

@Suite("How many connections are taken")
struct ConnectionLimitTests {
    @Test(arguments: [(0, 16), (100, 16), (256, 128), (1024, 896), (1_048_576, 8192)])
    func `Descriptors stay for everything else, and few are never too few to serve`(descriptors: Int, connections: Int)
    {
        #expect(ConnectionLimit(descriptors: descriptors).api == connections)
    }
}
