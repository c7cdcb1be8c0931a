/// Where the house's rules make an exception: all of them in this one place, each with its reason.
enum Allowances {
    /// Rooms whose names a merchant's program imports: `public` belongs there and nowhere else.
    static let publicRooms: Set<String> = ["KaunterAPI", "KaunterClient"]

    /// Rooms that read the environment: configuration is made once, and handed down as values.
    static let environmentRooms: Set<String> = ["KaunterServer", "kaunter"]

    /// Rooms that print: the executable answers the operator. All others log.
    static let printingRooms: Set<String> = ["kaunter"]

    /// Functions that protocols of the standard library require, and document.
    static let foreignPromises: Set<Substring> = ["appendLiteral", "encode", "hash"]

    /// Files that ask the real world for the time, for chance or for a pause. Everyone else is
    /// given these as values, so that a simulation can replay them from a seed (decision 0008).
    static let realWorldFiles: Set<String> = [
        "Sources/KaunterCore/Surroundings.swift",
        // It is the real world: a simulation has another `OutgoingHTTP` in its place.
        "Sources/KaunterEngine/Outgoing/PinnedHTTP.swift",
    ]
}
