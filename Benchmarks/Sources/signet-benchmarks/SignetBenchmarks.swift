import ArgumentParser

@main
struct SignetBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signet-benchmarks", abstract: "Measure Signet beside its floor and other libraries.",
        subcommands: [VerifyCommand.self])
}
