import KaunterCore
import KaunterEngine
import KaunterRails

/// What a rail says of an attempt, before it becomes a message or an answer.
struct RailWord: Sendable {
    var kind: String
    let rail: String
    /// Under which reference it is said.
    var reference: String
    /// Which reference the receipt repeats.
    var repeated: String
    let transaction: String
    var sen: Int64
    var currency: String
    /// Whether the world's own truth is just this.
    var isTrue = false

    /// The form fields that the scripted rail reads.
    var fields: [String: String] {
        let fields = [
            "kind": kind, "reference": reference, "repeated": repeated, "transaction": transaction,
            "sen": String(sen), "currency": currency,
        ]
        guard let payer = Bank.payer(of: transaction) else { return fields }
        return fields.merging(["payer": payer]) { field, _ in field }
    }

    var hasMoney: Bool { kind == "approved" || kind == "received" }

    /// The same as an answer to an enquiry.
    var answer: RailAnswer {
        let receipt = RailReceipt(
            transaction: transaction, reference: repeated, minorUnits: sen, currency: currency,
            payer: Bank.payer(of: transaction).map {
                RailPayer(bankCode: "MBB", number: $0, name: "Aisyah Tan")
            })
        return switch kind {
        case "approved": .approved(receipt)
        case "received": .received(receipt)
        case "declined": .declined(code: "51")
        case "cancelled": .cancelled
        default: .pending
        }
    }

    /// Another kind of word about the same attempt.
    func saying(_ kind: String) -> RailWord {
        var other = self
        other.kind = kind
        return other
    }

    /// The same, wrong in one point that can be found out.
    func distorted(_ chance: inout Chance) -> RailWord {
        var lie = self
        switch chance.pick(["amount", "currency", "repeated", "stranger", "kind"]) {
        case "amount" where kind == "approved": lie.sen += chance.pick([-1, 1, 1_000])
        case "currency": lie.currency = "USD"
        case "repeated": lie.repeated = "NOT\(reference)"
        case "stranger": lie.reference = "NONE\(reference)"
        default: lie.kind = "nonsense"
        }
        return lie
    }
}

extension World {
    private static let redeliveriesAtMost = 40

    /// A rail sends a message, again and again until it is acknowledged.
    func deliver(_ word: RailWord, tries: Int) async {
        guard let node = anyNode() else { return deliverAgain(word, tries) }
        if word.kind == "declined" || word.kind == "cancelled" {
            bank.saidNo.insert(word.reference)
        }
        do {
            let payment = try await node.engine.recordOutcome(of: word.fields, from: word.rail)
            note("\(word.rail) says \(word.kind) of \(word.reference): \(payment.status.rawValue)")
            acknowledge(word)
            if payment.status.isFinal { show(payment.status.rawValue, of: payment.id.rawValue) }
        } catch let refusal as Refusal {
            note("\(word.rail) says \(word.kind) of \(word.reference): \(refusal)")
        } catch {
            note("\(word.rail) says \(word.kind) on \(node.life.node): \(error)")
            deliverAgain(word, tries)
        }
    }

    private func deliverAgain(_ word: RailWord, _ tries: Int) {
        guard tries < Self.redeliveriesAtMost else { return }
        plan(in: 10_000...600_000) { world in await world.deliver(word, tries: tries + 1) }
    }

    private func acknowledge(_ word: RailWord) {
        guard word.isTrue, word.hasMoney else { return }
        books.acknowledged.append(
            Books.Acknowledged(rail: word.rail, transaction: word.transaction))
    }
}
