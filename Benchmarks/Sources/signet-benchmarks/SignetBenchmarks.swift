import ArgumentParser

@main
struct SignetBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signet-benchmarks", abstract: "Measures Signet beside its floor and beside others.",
        subcommands: [VerifyCommand.self])
}
