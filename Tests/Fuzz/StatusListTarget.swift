import JOSE
import StatusList

/// Decompresses the input as a status list. If the input is a `status_list` claim in JSON, also decompresses the list
/// in the claim. Requires that no list decompresses to more than 65,536 entries.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStatusList(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe fuzzInput(start, count)
    check(input)
    guard let claim = try? JSONObject(parsing: input), let text = claim["lst"]?.string,
        let compressed = Base64URL.decode(text.utf8)
    else { return 0 }
    check(compressed)
    return 0
}

private func check(_ compressed: [UInt8]) {
    let bound = 1 << 16
    guard let list = try? StatusList(inflating: compressed, maximumCount: bound) else { return }
    require((8...bound).contains(list.count), "the number of entries is bounded")
    guard let again = try? list.compressed(), let copy = try? StatusList(inflating: again) else {
        fatalError("broken: a list survives being compressed")
    }
    require(copy == list, "a list survives being compressed")
    var changed = list
    changed[list.count - 1].toggle()
    require(abs(changed.setCount - list.setCount) == 1, "one entry is one bit")
}
