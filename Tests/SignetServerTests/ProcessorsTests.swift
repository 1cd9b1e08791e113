import NIOCore
import Testing

@testable import SignetServer

@Suite("The processors of the process")
struct ProcessorsTests {
    @Test(arguments: [
        ("Name:\tsignet\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2), ("Cpus_allowed:\t4\n", 1),
        ("Cpus_allowed:\tffffffff,0000000f\n", 36),
    ])
    func `are the bits of a mask`(status: String, count: Int) {
        #expect(Processors.count(inStatus: status) == count)
    }

    @Test(arguments: ["", "Name:\tsignet\n", "Cpus_allowed:\t0\n", "Cpus_allowed:\n", "Cpus_allowed_list:\t0-1\n"])
    func `are unknown without a mask`(status: String) {
        #expect(Processors.count(inStatus: status) == nil)
    }

    @Test func `are at least one and at most those of the machine`() {
        #expect((1...System.coreCount).contains(Processors.allowed))
    }
}
