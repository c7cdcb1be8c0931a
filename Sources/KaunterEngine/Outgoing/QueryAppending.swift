extension String {
    /// A merchant's address with our query behind its own, and without its fragment.
    func appending(query: String) -> String {
        let base = prefix { $0 != "#" }
        if base.hasSuffix("?") || base.hasSuffix("&") { return "\(base)\(query)" }
        return "\(base)\(base.contains("?") ? "&" : "?")\(query)"
    }
}
