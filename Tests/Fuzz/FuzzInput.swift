/// The bytes that libFuzzer hands to a target.
func fuzzInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
}

/// Ends the process, which libFuzzer reports as a finding, unless `condition` holds.
func require(_ condition: Bool, _ invariant: String) {
    if !condition { fatalError("broken: \(invariant)") }
}
