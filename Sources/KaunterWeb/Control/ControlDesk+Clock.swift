import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// A sandbox's clock, and its emptying. A live store refuses.
extension ControlDesk {
    func resetSandbox() async throws -> JSONValue {
        try await engine.resetSandbox()
        let accounts = try await engine.reader.read { try $0.accounts() }
        return ["reset": .boolean(true), "accounts": .integer(Int64(accounts.count))]
    }

    func showClock() async throws -> JSONValue {
        .object(try await engine.readClock().json)
    }

    func advanceClock(_ fields: inout FieldReader) async throws -> JSONValue {
        let seconds = fields.id("seconds")
        try fields.check()
        let (clock, due) = try await engine.advanceClock(by: seconds ?? 0)
        var answer = clock.json
        answer.set("became_due", to: .object(due.json))
        return .object(answer)
    }
}

extension ClockReading {
    fileprivate var json: JSONObject {
        [
            "now": .string(now.malaysianText), "real": .string(outside.malaysianText),
            "ahead_seconds": .integer(aheadSeconds),
        ]
    }
}

extension DueWork {
    fileprivate var json: JSONObject {
        [
            "payments": .integer(payments), "attempts": .integer(attempts),
            "payouts": .integer(payouts), "notifications": .integer(deliveries),
            "holds": .integer(holds),
        ]
    }
}
