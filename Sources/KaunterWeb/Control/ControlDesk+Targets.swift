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
        guard let account, let url, fields.errors.isEmpty else {
            throw Refusal.invalidFields(fields.errors)
        }
        let id = try await engine.addEndpoint(
            url: url, method: method ?? .get, digest: digest, of: account)
        return ["id": .integer(id)]
    }

    func listEndpoints(_ fields: inout FieldReader) async throws -> JSONValue {
        guard let account = fields.account() else { throw Refusal.invalidFields(fields.errors) }
        let endpoints = try await engine.reader.read { reading in
            guard try reading.account(account) != nil else { throw Refusal.notFound("account") }
            return try reading.endpoints(of: account)
        }
        let list = endpoints.map { endpoint -> JSONValue in
            [
                "id": .integer(endpoint.id), "url": .string(endpoint.url),
                "method": .string(endpoint.method.rawValue),
                "digest": .optional(endpoint.digest?.rawValue),
                "created_at": .string(endpoint.createdAt.malaysianText),
            ]
        }
        return ["endpoints": .array(list)]
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
