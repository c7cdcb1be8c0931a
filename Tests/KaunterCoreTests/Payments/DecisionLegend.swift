import KaunterCore

/// What the words of `DecisionTable` mean: the status afterwards, the state of the attempt that is
/// saved, the reasons of what goes to suspense, and the records.
enum DecisionLegend {
    /// Words that mean the same at every stage; `=` is the status as it was.
    private static let always = """
        -       | =      |           |          |
        intend  | =      | intended  |          | attempt_intended
        open    | =      | open      |          | attempt_opened
        ask     | =      | asked     |          |
        no      | =      | declined  |          | attempt_declined
        gone    | =      | cancelled |          | attempt_cancelled
        lapse   | =      | lapsed    |          | attempt_lapsed
        note    | =      |           |          | rail_contradicted
        stray   | =      |           | mismatch | rail_contradicted
        clash   | =      | asked     | mismatch | rail_contradicted
        clash.  | =      | lapsed    | mismatch | rail_contradicted attempt_lapsed
        """

    /// Money for a payment that waits: with an attempt, and outside of attempts.
    private static let waiting = """
        paid    | paid   | received  |          | money_received paid
        paid+   | paid   | received  | over     | money_received paid
        sum     | paid   |           |          | money_received paid
        sum+    | paid   |           | over     | money_received paid
        """

    /// The end of a payment of which nothing has come: `fail` after a decline, else `cancel`.
    private static let endOfNothing = """
        end     | cancel |           |          | cancelled
        endno   | fail   |           |          | failed
        no!     | fail   | declined  |          | attempt_declined failed
        gone!   | cancel | cancelled |          | attempt_cancelled cancelled
        lapse!  | cancel | lapsed    |          | attempt_lapsed cancelled
        clash!  | cancel | lapsed    | mismatch | rail_contradicted attempt_lapsed cancelled
        """

    /// The end of a payment of which a part has come: `fail`, and the part is to be returned.
    private static let endOfPart = """
        end     | fail   |           | partial  | failed
        endno   | fail   |           | partial  | failed
        no!     | fail   | declined  | partial  | attempt_declined failed
        gone!   | fail   | cancelled | partial  | attempt_cancelled failed
        lapse!  | fail   | lapsed    | partial  | attempt_lapsed failed
        clash!  | fail   | lapsed    | mismatch partial | rail_contradicted attempt_lapsed failed
        """

    private static let partRefused = """
        kept    | wait   | received  |          | money_received
        some    | wait   |           |          | money_received
        """

    private static let partAccepted = """
        kept    | paid   | received  |          | money_received paid
        some    | paid   |           |          | money_received paid
        """

    private static let paid = """
        extra   | paid   | received  | double   | money_received
        spare   | paid   |           | double   | money_received
        """

    private static let ended = """
        extra   | =      | received  | late     | money_received
        spare   | =      |           | late     | money_received
        """

    /// The meaning of each word at a stage, as `Outcome.text` writes it.
    static func meanings(
        at stage: DecisionStage, partialMoney: PartialMoney
    ) -> [String: String] {
        let part = partialMoney == .accept ? partAccepted : partRefused
        let parts =
            switch stage {
            case .wait: [always, waiting, endOfNothing, part]
            case .kept: [always, waiting, endOfPart, part]
            case .paid: [always, paid]
            case .cancel, .fail: [always, ended]
            }
        var meanings = ["!open": "!attemptOpen", "!over": "!lifetimeOver"]
        meanings["!final"] = "!alreadyFinal"
        for line in parts.flatMap({ $0.split(separator: "\n") }) {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.split(separator: " ").joined(separator: " ") }
            let status = cells[1] == "=" ? stage.status.rawValue : cells[1]
            meanings[cells[0]] = ([status] + cells[2...]).joined(separator: " | ")
        }
        return meanings
    }
}
