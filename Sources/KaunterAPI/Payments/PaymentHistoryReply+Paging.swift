extension PaymentHistoryReply {
    /// Addresses of other pages, each `<public url><path of the call>?page=n` or nil.
    public struct Links: Sendable, Equatable {
        /// The first page.
        public var first: String?
        /// The last page.
        public var last: String?
        /// The page before this one.
        public var prev: String?
        /// The page after this one.
        public var next: String?

        /// Links from their parts.
        public init(first: String?, last: String?, prev: String?, next: String?) {
            self.first = first
            self.last = last
            self.prev = prev
            self.next = next
        }

        var json: JSONValue {
            [
                "first": .optional(first),
                "last": .optional(last),
                "prev": .optional(prev),
                "next": .optional(next),
            ]
        }

        init(fields: FieldReader) throws(MalformedMessage) {
            first = try fields.optionalString("first")
            last = try fields.optionalString("last")
            prev = try fields.optionalString("prev")
            next = try fields.optionalString("next")
        }
    }

    /// Where a page lies in the whole.
    public struct Meta: Sendable, Equatable {
        /// Counted from 1.
        public var currentPage: Int64
        /// The number of the page's first entry in the whole, from 1; nil on an empty page.
        public var from: Int64?
        /// How many pages there are, at least 1.
        public var lastPage: Int64
        /// `<public url>` and the path of the call, for example `/v1/payment/history`.
        public var path: String
        /// How many entries a full page has.
        public var perPage: Int64
        /// The number of the page's last entry in the whole; nil on an empty page.
        public var to: Int64?
        /// How many entries there are on all pages.
        public var total: Int64

        /// A place from its parts.
        public init(
            currentPage: Int64,
            from: Int64?,
            lastPage: Int64,
            path: String,
            perPage: Int64,
            to: Int64?,
            total: Int64,
        ) {
            self.currentPage = currentPage
            self.from = from
            self.lastPage = lastPage
            self.path = path
            self.perPage = perPage
            self.to = to
            self.total = total
        }

        var json: JSONValue {
            [
                "current_page": .integer(currentPage),
                "from": from.map { .integer($0) } ?? .null,
                "last_page": .integer(lastPage),
                "path": .string(path),
                "per_page": .integer(perPage),
                "to": to.map { .integer($0) } ?? .null,
                "total": .integer(total),
            ]
        }

        init(fields: FieldReader) throws(MalformedMessage) {
            currentPage = try fields.integer("current_page")
            from = try fields.optionalInteger("from")
            lastPage = try fields.integer("last_page")
            path = try fields.string("path")
            perPage = try fields.integer("per_page")
            to = try fields.optionalInteger("to")
            total = try fields.integer("total")
        }
    }
}
