/// What one check of `kaunter doctor` found: ids, numbers and ages, never a secret or a person's
/// data.
package struct Finding: Sendable, Equatable {
    /// How bad it is.
    package enum State: String, Sendable, CaseIterable {
        case ok
        /// It works, and should be looked at.
        case warn
        /// Something does not work.
        case fail
    }

    /// What was looked at: a word that stays the same.
    package let check: String
    package let state: State
    package let found: String
    /// What to do; empty where there is nothing to do.
    package let advice: String

    package init(_ check: String, _ state: State, _ found: String, advice: String = "") {
        self.check = check
        self.state = state
        self.found = found
        self.advice = advice
    }
}

extension Finding.State {
    /// By how far a number has gone: at `warn` or beyond it is a warning, at `fail` a failure.
    package init(_ number: Int64, warn: Int64, fail: Int64 = .max) {
        self = number >= fail ? .fail : number >= warn ? .warn : .ok
    }
}
