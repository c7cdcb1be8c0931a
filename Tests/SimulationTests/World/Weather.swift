/// How bad the world of one seed is. Some seeds are calm, so that what only shows when nothing else
/// goes wrong shows too.
struct Weather {
    /// Nodes on the one store.
    let nodes: Int
    /// Of a thousand acts of the database, how many fail in some way.
    let databaseTrouble: Int
    /// Of a thousand acts or calls, at how many the process dies.
    let crashes: Int
    /// Of a thousand calls of a rail, how many go wrong in some way.
    let railTrouble: Int
    /// Of a thousand messages of a rail, how many are preceded by a wrong one.
    let lies: Int
    /// Of a thousand acts of the database, before how many something else happens first.
    let interleaving: Int
    /// Orders in this life.
    let orders: Int
    /// Whether they come in one minute to one receiver.
    let isRush: Bool
    /// Milliseconds by which the nodes' clocks differ at most.
    let skewMilliseconds: Int64
    /// Whether this life goes on for months: orders come now and then, reserves are kept for
    /// long, and money goes back when its payment is nearly forgotten.
    let isLong: Bool
    /// Times at which a merchant wishes money to be paid out.
    let payoutWishes: Int
    /// Acts of operators.
    let acts: Int
    /// Days by which the rails' settlements are late at most.
    let settlementDelayDays: Int64

    init(_ chance: inout Chance) {
        let severity = Int(chance.weighted([(0, 2), (1, 4), (3, 3)]))
        nodes = chance.weighted([(1, 2), (2, 3)])
        databaseTrouble = 12 * severity
        crashes = 2 * severity
        railTrouble = 90 * severity
        lies = 90 * severity
        interleaving = chance.pick([0, 30, 120])
        isRush = chance.happens(perMille: 150)
        orders = isRush ? 9 : Int(chance.within(2...6))
        skewMilliseconds = chance.pick([0, 0, 400])
        isLong = !isRush && chance.happens(perMille: 250)
        payoutWishes = isRush ? 0 : Int(chance.within(0...6))
        acts = isRush ? 0 : Int(chance.within(0...6))
        settlementDelayDays = chance.weighted([(0, 5), (2, 2), (9, 1)])
    }
}
