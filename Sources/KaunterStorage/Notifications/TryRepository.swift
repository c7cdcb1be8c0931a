package import KaunterCore
package import KaunterDatabase

/// One try to deliver: what was sent, and what was answered.
package struct DeliveryTry: Sendable, Equatable {
    package let startedAt: Moment
    /// Microseconds until the answer, or until it was given up.
    package let took: Int64
    package let method: String
    package let url: String
    /// JSON: a list of names and values.
    package let sentHeaders: String
    /// Nil: there was none.
    package let sentBody: String?
    /// The HTTP status; 0 if no answer came, and `fault` says why.
    package let code: Int
    package let fault: String
    /// JSON, likewise; masked.
    package let answerHeaders: String
    /// The beginning of it; masked.
    package let answerBody: String

    package init(
        startedAt: Moment, took: Int64, method: String, url: String, sentHeaders: String,
        sentBody: String?, code: Int, fault: String, answerHeaders: String, answerBody: String
    ) {
        self.startedAt = startedAt
        self.took = took
        self.method = method
        self.url = url
        self.sentHeaders = sentHeaders
        self.sentBody = sentBody
        self.code = code
        self.fault = fault
        self.answerHeaders = answerHeaders
        self.answerBody = answerBody
    }
}

extension Writing {
    /// Writes a try of a delivery down.
    package func insert(_ attempt: DeliveryTry, of delivery: Int64) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO delivery_tries (delivery_id, started_at, took, method, url, sent_headers,
                                        sent_body, code, fault, answer_headers, answer_body)
            VALUES (\(delivery), \(attempt.startedAt), \(attempt.took), \(attempt.method),
                    \(attempt.url), \(attempt.sentHeaders), \(attempt.sentBody),
                    \(Int64(attempt.code)), \(attempt.fault), \(attempt.answerHeaders),
                    \(attempt.answerBody))
            """)
    }

    /// Forgets tries that began before a moment, the oldest first, `limit` at most. Returns how
    /// many those were.
    package func forgetTries(before moment: Moment, limit: Int) throws(DatabaseFault) -> Int {
        try transaction.run(
            """
            DELETE FROM delivery_tries WHERE id IN (
                SELECT id FROM delivery_tries WHERE started_at < \(moment)
                ORDER BY started_at LIMIT \(limit))
            """)
    }
}

extension Reading {
    /// The tries of a delivery, oldest first, `limit` at most.
    package func tries(
        ofDelivery id: Int64, limit: Int
    ) throws(DatabaseFault) -> [DeliveryTry] {
        var tries: [DeliveryTry] = []
        let sql: SQL = """
            SELECT started_at, took, method, url, sent_headers, sent_body, code, fault,
                   answer_headers, answer_body
            FROM delivery_tries WHERE delivery_id = \(id) ORDER BY id LIMIT \(limit)
            """
        for row in try transaction.rows(sql) {
            tries.append(
                DeliveryTry(
                    startedAt: try row.moment("started_at"), took: try row.integer("took"),
                    method: try row.text("method"), url: try row.text("url"),
                    sentHeaders: try row.text("sent_headers"),
                    sentBody: try row.textOrNil("sent_body"),
                    code: Int(clamping: try row.integer("code")), fault: try row.text("fault"),
                    answerHeaders: try row.text("answer_headers"),
                    answerBody: try row.text("answer_body")))
        }
        return tries
    }
}
