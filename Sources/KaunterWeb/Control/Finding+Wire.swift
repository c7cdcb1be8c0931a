package import KaunterAPI
package import KaunterCore
import KaunterEngine
import KaunterStorage

extension ControlDesk {
    /// Looks at the whole house.
    func examine() async throws -> JSONValue {
        [
            "mode": .string(engine.installation.mode.rawValue),
            "checks": .array(try await engine.examine().map(\.json)),
        ]
    }
}

extension Finding {
    /// As the control socket and `kaunter doctor --json` say it.
    package var json: JSONValue {
        [
            "check": .string(check), "state": .string(state.rawValue), "found": .string(found),
            "advice": .string(advice),
        ]
    }

    /// Reads what the socket answered; nil if it is none.
    package init?(json: JSONValue) {
        guard let object = json.objectValue, let check = object["check"]?.stringValue,
            let state = object["state"]?.stringValue.flatMap(State.init(rawValue:)),
            let found = object["found"]?.stringValue, let advice = object["advice"]?.stringValue
        else { return nil }
        self.init(check, state, found, advice: advice)
    }
}
