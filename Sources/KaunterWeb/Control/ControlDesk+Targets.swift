import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

extension ControlDesk {
    func addEndpoint(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let url = fields.requiredText("url", atMost: 4 * Limits.urlCharacters)
        let method: NotificationMethod? = fields.optionalWord("method")
        let digest: MessageDigest? = fields.optionalWord("digest")
        let list: NotificationFields? = fields.optionalWord("fields")
        let sign: Switch? = fields.optionalWord("sign")
        let concurrency = concurrency(&fields)
        let rate = rate(&fields)
        guard let account, let url, fields.errors.isEmpty else {
            throw Refusal.invalidFields(fields.errors)
        }
        let made = try await engine.addEndpoint(
            url: url, method: method ?? .get, digest: digest, fields: list ?? .current,
            isSigned: sign != .off, concurrency: concurrency, rate: rate ?? .unlimited,
            of: account)
        var answer: JSONObject = ["id": .integer(made.id)]
        for member in json(made.key).members { answer[member.key] = member.value }
        return .object(answer)
    }

    func listEndpoints(_ fields: inout FieldReader) async throws -> JSONValue {
        guard let account = fields.account() else { throw Refusal.invalidFields(fields.errors) }
        let endpoints = try await engine.reader.read { reading in
            guard try reading.account(account) != nil else { throw Refusal.notFound("account") }
            return try reading.endpoints(of: account)
        }
        return ["endpoints": .array(endpoints.map(json))]
    }

    /// What is not named stays.
    func setEndpoint(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let id = fields.id("id")
        let url = fields.optionalText("url", atMost: 4 * Limits.urlCharacters)
        let method: NotificationMethod? = fields.optionalWord("method")
        let digest: MessageDigest? = fields.optionalWord("digest")
        let sign: Switch? = fields.optionalWord("sign")
        let concurrency = concurrency(&fields)
        let rate = rate(&fields)
        try fields.check()
        guard let account, let id else { throw Refusal.notFound("endpoint") }
        return json(
            try await engine.setEndpoint(
                id, of: account, url: url, method: method, digest: digest,
                isSigned: sign.map { $0 == .on }, concurrency: concurrency, rate: rate))
    }

    private func concurrency(_ fields: inout FieldReader) -> Int64? {
        let concurrency = fields.integer("concurrency")
        if let concurrency, !Endpoint.concurrencyRange.contains(concurrency) {
            let range = Endpoint.concurrencyRange
            fields.refuse(
                "concurrency",
                "The concurrency must be \(range.lowerBound) to \(range.upperBound).")
        }
        return concurrency
    }

    /// Nil if none is named.
    private func rate(_ fields: inout FieldReader) -> DeliveryRate? {
        guard let value = fields.value("rate") else { return nil }
        if value.stringValue == DeliveryRate.unlimitedWord { return .unlimited }
        let range = DeliveryRate.range
        if let number = (value.numberText ?? value.stringValue).flatMap(FieldReader.integer),
            range.contains(number)
        {
            return .perSecond(number)
        }
        fields.refuse(
            "rate",
            """
            The rate must be \(range.lowerBound) to \(range.upperBound) a second, \
            or \(DeliveryRate.unlimitedWord).
            """)
        return nil
    }

    func removeEndpoint(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let id = fields.id("id")
        try fields.check()
        guard let account, let id else { throw Refusal.notFound("endpoint") }
        try await engine.removeEndpoint(id, of: account)
        return ["id": .integer(id), "removed": .boolean(true)]
    }

    private func json(_ endpoint: Endpoint) -> JSONValue {
        [
            "id": .integer(endpoint.id), "url": .string(endpoint.url),
            "method": .string(endpoint.method.rawValue),
            "digest": .optional(endpoint.digest?.rawValue),
            "fields": .string(endpoint.fields.rawValue),
            "sign": .string((endpoint.isSigned ? Switch.on : .off).rawValue),
            "concurrency": endpoint.concurrency.map { .integer($0) } ?? .null,
            "rate": endpoint.rate.number.map { .integer($0) } ?? .null,
            "created_at": .string(endpoint.createdAt.malaysianText),
        ]
    }

    func addRedirect(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let url = fields.requiredText("url", atMost: 4 * Limits.urlCharacters)
        let method: RedirectMethod? = fields.optionalWord("method")
        guard let account, let url, fields.errors.isEmpty else {
            throw Refusal.invalidFields(fields.errors)
        }
        let id = try await engine.addRedirect(url: url, method: method ?? .post, of: account)
        return ["id": .integer(id)]
    }

    func listRedirects(_ fields: inout FieldReader) async throws -> JSONValue {
        guard let account = fields.account() else { throw Refusal.invalidFields(fields.errors) }
        let redirects = try await engine.reader.read { reading in
            guard try reading.account(account) != nil else { throw Refusal.notFound("account") }
            return try reading.redirects(of: account)
        }
        let list = redirects.map { redirect -> JSONValue in
            [
                "id": .integer(redirect.id), "url": .string(redirect.url),
                "method": .string(redirect.method.rawValue),
                "created_at": .string(redirect.createdAt.malaysianText),
            ]
        }
        return ["redirects": .array(list)]
    }
}
