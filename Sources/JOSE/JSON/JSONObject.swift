/// The members of a JSON object, in order, each name once.
///
/// Names are told apart byte for byte: two spellings that Unicode calls equivalent are two names. Objects are equal
/// when they have the same members, whatever the order.
public struct JSONObject: Sendable, ExpressibleByDictionaryLiteral {
    /// One name with its value.
    public struct Member: Sendable, Hashable {
        /// Without escapes.
        public let name: String
        /// Of any kind, `null` included.
        public let value: JSONValue

        /// A member of this name and value.
        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }

        public static func == (left: Member, right: Member) -> Bool {
            left.name.isExactly(right.name) && left.value == right.value
        }

        /// By the bytes of the name.
        public func hash(into hasher: inout Hasher) {
            name.hashBytes(into: &hasher)
            hasher.combine(value)
        }
    }

    /// All members in order.
    public private(set) var members: [Member]

    /// An object without members.
    public init() { members = [] }

    /// Members in the order written; of members with one name the last counts, in the place of the first.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

    init(_ elements: [(String, JSONValue)]) {
        members = []
        for (name, value) in elements { self[name] = value }
    }

    /// Takes members whose names are known to differ.
    init(distinct members: [Member]) { self.members = members }

    /// The value of a member. Setting replaces it in its place or appends it; setting `nil` removes it.
    public subscript(_ name: String) -> JSONValue? {
        get { members.first { $0.name.isExactly(name) }?.value }
        set {
            let index = members.firstIndex { $0.name.isExactly(name) }
            switch (index, newValue) {
            case (let index?, let value?): members[index] = Member(name: name, value: value)
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// How many members there are.
    public var count: Int { members.count }

    /// Whether there are none.
    public var isEmpty: Bool { members.isEmpty }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return left.members == right.members || left.sortedMembers == right.sortedMembers
    }

    public func hash(into hasher: inout Hasher) {
        // A sum does not care for the order, and neither may the hash.
        hasher.combine(members.reduce(0) { $0 &+ $1.hashValue })
    }

    private var sortedMembers: [Member] {
        members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
