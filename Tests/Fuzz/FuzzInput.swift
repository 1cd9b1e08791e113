/// Copies the input that libFuzzer passes to a fuzz target as a pointer and a length.
func fuzzInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
}

/// Crashes the process if `condition` is `false`, so that libFuzzer reports the input as a finding.
func require(_ condition: Bool, _ invariant: String) {
    if !condition { fatalError("broken: \(invariant)") }
}
