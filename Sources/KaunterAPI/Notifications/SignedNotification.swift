/// A notification as it arrived, with a signature that nobody has checked yet.
public struct SignedNotification: Sendable, Equatable {
    /// What the sender says.
    public let message: NotificationMessage

    /// The text of `sign`: base64 if all is well.
    public let sign: String

    /// Reads the raw query of a URL, without `?`, as `NotificationMessage` does. Throws when `sign`
    /// is missing too.
    public init(query: String) throws(MalformedMessage) {
        message = try NotificationMessage(query: query)
        sign = try FormReader(query).string("sign")
    }

    /// Reads the body of a form, by the same rules as a query.
    public init(form: String) throws(MalformedMessage) {
        try self.init(query: form)
    }

    /// Reads a JSON body, by the same rules as a query.
    public init(json: JSONValue) throws(MalformedMessage) {
        message = try NotificationMessage(json: json)
        sign = try FieldReader(json).string("sign")
    }
}
