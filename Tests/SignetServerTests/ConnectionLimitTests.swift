import Testing

@testable import SignetServer

@Suite("Connection limit")
struct ConnectionLimitTests {
    @Test(arguments: [(144, 16), (256, 128), (1024, 896), (1_048_576, 8192)])
    func `the API listener leaves 128 descriptors free`(descriptors: Int, connections: Int) throws {
        #expect(try ConnectionLimit(descriptors: descriptors).api == connections)
    }

    @Test(arguments: [0, 100, 143])
    func `too few descriptors for 16 connections are refused`(descriptors: Int) {
        #expect(throws: DescriptorLimitError(limit: descriptors, minimum: 144)) {
            try ConnectionLimit(descriptors: descriptors)
        }
    }
}
