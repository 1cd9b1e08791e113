import ArgumentParser

@main
struct IssuerBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issuer-benchmarks",
        abstract: "Measure the issuer inside the process, or fill a store for a server.",
        subcommands: [RefreshCommand.self, FillCommand.self])
}
