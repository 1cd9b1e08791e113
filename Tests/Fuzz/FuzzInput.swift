/// The input bytes that libFuzzer passes to a target.
func fuzzInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
}

/// Ends the process if `condition` is `false`. libFuzzer reports the crash as a finding.
func require(_ condition: Bool, _ invariant: String) {
    if !condition { fatalError("broken: \(invariant)") }
}
