/// A JSON object: members in order, each name once.
///
/// Names are compared byte by byte, so two spellings that Unicode treats as equivalent are two names. Two objects are
/// equal if they have the same members in any order.
public struct JSONObject: Sendable, ExpressibleByDictionaryLiteral {
    /// A name and its value.
    public struct Member: Sendable, Hashable {
        /// The name, unescaped.
        public let name: String
        /// The value, which may be `null`.
        public let value: JSONValue

        /// Creates a member.
        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }

        public static func == (left: Member, right: Member) -> Bool {
            left.name.isExactly(right.name) && left.value == right.value
        }

        /// Hashes the bytes of the name and the value.
        public func hash(into hasher: inout Hasher) {
            name.hashBytes(into: &hasher)
            hasher.combine(value)
        }
    }

    /// All members, in order.
    public private(set) var members: [Member]

    /// Creates an empty object.
    public init() { members = [] }

    /// Creates an object whose members are `elements`, in order. If a name repeats, its last value counts, at the
    /// position of its first occurrence.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

    init(_ elements: [(String, JSONValue)]) {
        members = []
        for (name, value) in elements { self[name] = value }
    }

    /// Creates an object from `members`. The caller guarantees that their names differ.
    init(distinct members: [Member]) { self.members = members }

    /// The value of the member `name`; `nil` if there is no such member. Setting a value changes the member, or appends
    /// it if it does not exist. Setting `nil` removes the member.
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

    /// The number of members.
    public var count: Int { members.count }

    /// Whether the object has no members.
    public var isEmpty: Bool { members.isEmpty }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return left.members == right.members || left.sortedMembers == right.sortedMembers
    }

    public func hash(into hasher: inout Hasher) {
        // Equal objects may order their members differently. A sum of member hashes does not depend on the order.
        hasher.combine(members.reduce(0) { $0 &+ $1.hashValue })
    }

    private var sortedMembers: [Member] {
        members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
