import SignetStore
import Synchronization

/// One caller's write, whose outcome the caller works with while the commit is under way.
final class PreviewedWriteRequest<Output: Sendable>: PendingWrite {
    private struct State {
        /// Of the last run.
        var outcome: Result<Output, any Error>?
        var previewing: CheckedContinuation<Output?, Never>?
        /// What the caller is told in the end, or the caller who waits for it.
        var answer: Result<Output, any Error>?
        var caller: CheckedContinuation<Output, any Error>?
    }

    private let body: @Sendable (any StoreWriter) throws -> Output
    private let state = Mutex(State())

    init(body: @escaping @Sendable (any StoreWriter) throws -> Output) { self.body = body }

    func run(on writer: LMDBWriter) -> Bool {
        let outcome = Result { try body(writer) }
        state.withLock { $0.outcome = outcome }
        if case .success = outcome { return true }
        return false
    }

    func preview() {
        let (caller, output) = state.withLock { state in
            defer { state.previewing = nil }
            return (state.previewing, try? state.outcome?.get())
        }
        caller?.resume(returning: output)
    }

    func answer() {
        guard let outcome = state.withLock({ $0.outcome }) else {
            preconditionFailure("a write was answered before it ran")
        }
        end(with: outcome)
    }

    func refuse(_ error: StoreError) { end(with: .failure(error)) }

    private func end(with answer: Result<Output, any Error>) {
        let (previewing, caller) = state.withLock { state in
            defer { (state.previewing, state.caller) = (nil, nil) }
            state.answer = answer
            return (state.previewing, state.caller)
        }
        previewing?.resume(returning: nil)
        caller?.resume(with: answer)
    }
}

extension PreviewedWriteRequest where Output: Equatable {
    /// What `prepare` makes of the write's outcome, once that is durable. Only once.
    /// - Parameter submit: hands the request to the writer.
    func answer<Answer>(
        preparing prepare: (Output) throws -> Answer, submitting submit: (PreviewedWriteRequest) -> Void
    ) async throws -> Answer {
        guard let preview = await preview(submitting: submit) else { return try prepare(await durableOutput) }
        let answer = Result { try prepare(preview) }
        let output = try await durableOutput
        return output == preview ? try answer.get() : try prepare(output)
    }
}

extension PreviewedWriteRequest {
    /// What the first run returned, not durable yet; `nil` when it threw, or there was none.
    private func preview(submitting submit: (PreviewedWriteRequest) -> Void) async -> Output? {
        await withCheckedContinuation { continuation in
            state.withLock { $0.previewing = continuation }
            submit(self)
        }
    }

    /// What the last run returned, once its commit is durable.
    private var durableOutput: Output {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let answer = state.withLock { state in
                    if state.answer == nil { state.caller = continuation }
                    return state.answer
                }
                if let answer { continuation.resume(with: answer) }
            }
        }
    }
}
