import KaunterEngine
import KaunterStorage
import NIOCore

/// Words for faults that the program's commands meet and that are not theirs to know.
package enum FaultWords {
    /// What happened, and whether trying again may help; nil for what only a programmer can
    /// explain.
    package static func describe(_ error: any Error) -> (text: String, isTemporary: Bool)? {
        if let fault = error as? MasterKeyFault { return (fault.description, false) }
        if let words = StorageFault.description(of: error) {
            return ("The store can't be used: \(words).", StorageFault.isTemporary(error))
        }
        if let fault = error as? IOError {
            return ("The system refuses: \(fault.description).", true)
        }
        return nil
    }
}
