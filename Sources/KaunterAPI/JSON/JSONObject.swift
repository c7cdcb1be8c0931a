/// The members of a JSON object in the order in which they were sent, each key once.
public struct JSONObject: Sendable, Equatable {
    /// A key and its value.
    public struct Member: Sendable, Equatable {
        /// The member's name.
        public let key: String
        /// What stands under the key.
        public var value: JSONValue

        /// Whether both have the same key, by its bytes, and equal values.
        public static func == (left: Member, right: Member) -> Bool {
            left.key.hasSameBytes(as: right.key) && left.value == right.value
        }
    }

    /// The members in order.
    public private(set) var members: [Member]

    /// An object without members.
    public init() {
        members = []
    }

    /// The members in order; when a key comes again, its later value takes the first one's place.
    public init(members: [(String, JSONValue)]) {
        self.init()
        for (key, value) in members {
            self[key] = value
        }
    }

    /// Takes members whose keys are known to differ, as the parser has made sure.
    init(distinct members: [Member]) {
        self.members = members
    }

    /// The keys in order.
    public var keys: [String] {
        members.map(\.key)
    }

    /// The value under a key, compared by bytes.
    ///
    /// Setting puts a new key last and leaves a known one in its place; setting `Optional.none`
    /// removes the member, while `.null` is a value like any other.
    public subscript(key: String) -> JSONValue? {
        get {
            index(of: key).map { members[$0].value }
        }
        set {
            switch (index(of: key), newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Sets a member: a new key comes last, a known one keeps its place.
    public mutating func set(_ key: String, to value: JSONValue) {
        self[key] = value
    }

    private func index(of key: String) -> Int? {
        members.firstIndex { $0.key.hasSameBytes(as: key) }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// The members in order; a key that comes again replaces its earlier value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(members: elements)
    }
}
