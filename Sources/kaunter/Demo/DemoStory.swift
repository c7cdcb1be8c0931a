import AsyncHTTPClient
import Foundation
import KaunterAPI
import KaunterClient
import KaunterCore
import KaunterServer
import KaunterWeb
import NIOCore
import NIOHTTP1

/// The demo's story: each step is done through the door that a merchant, a payer or an operator
/// has, checked, and told.
struct DemoStory: Sendable {
    let configuration: Configuration
    /// Whether the story pays by itself.
    let isAutomatic: Bool
    /// Whether standard output is for one JSON value only.
    let wantsJSON: Bool

    /// Seconds that a step may take when nobody is asked to do anything.
    private static let stepSeconds: Int64 = 30

    /// Tells the story; throws at the first thing that is not as it must be.
    func tell() async throws {
        say("Kaunter serves a sandbox at \(configuration.publicURL). No money moves here.")
        let merchant = try await makeMerchant()
        let shop = DemoShop(verifier: try NotificationVerifier(publicPEM: merchant.notificationPEM))
        let (opened, open) = AsyncStream<Int>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await shop.run { open.yield($0) } }
            group.addTask {
                for await port in opened {
                    try await pay(merchant, shop: shop, port: port)
                    break
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// The merchant that the story made.
    private struct DemoMerchant {
        let client: Kaunter
        let notificationPEM: String
    }

    private func makeMerchant() async throws -> DemoMerchant {
        let made = try await perform(.createMerchant, ["name": "Kedai Kopi Demo"])
        let account = made["account"]?.stringValue ?? ""
        say("1. Made the merchant Kedai Kopi Demo with the account \(account).")

        let issued = try await perform(
            .issueKey, ["account": .string(account), "for": "payment"])
        let folder = "\(configuration.database.folder)/demo-\(account)"
        let place = try ArchivePlace(folder)
        try place.write(
            password: issued["password"]?.stringValue ?? "",
            privatePEM: issued["private"]?.stringValue ?? "",
            publicPEM: issued["public"]?.stringValue ?? "")
        let notification = try await perform(.notificationKey, ["account": .string(account)])
        say("2. Issued its payment keys into \(folder).")
        return DemoMerchant(
            client: Kaunter(
                baseURL: configuration.publicURL, account: account,
                key: try Kaunter.keyFolder(folder)),
            notificationPEM: notification["public"]?.stringValue ?? "")
    }

    private func pay(_ merchant: DemoMerchant, shop: DemoShop, port: Int) async throws {
        let order = "demo-\(Surroundings.real.token(length: 8).lowercased())"
        var request = CreatePaymentRequest(
            amount: "25.90", orderID: order, service: "online_banking_myr_hpp",
            customerIP: "127.0.0.1", customerCode: "FPX", customerFirstName: "Siti",
            customerLastName: "Aminah")
        request.notificationEndpointURL = "http://127.0.0.1:\(port)/notify"
        request.successRedirectURL = "http://127.0.0.1:\(port)/thanks"
        request.failRedirectURL = "http://127.0.0.1:\(port)/sorry"
        let created = try await merchant.client.createPayment(request)
        say("3. Sent a signed payment of RM 25.90, order \(order): it is \(created.paymentStatus).")

        if isAutomatic {
            try await payAsPayer(created)
        } else {
            say("4. The payer's link, to open in a browser:\n\n   \(created.url)\n")
            say("   (Waiting for the payer. Ctrl-C ends the demo.)")
        }
        try await watch(shop, order: order, merchant: merchant)
        if wantsJSON {
            let answer: JSONValue = [
                "order_id": .string(order), "payment_status": "paid", "verified": true,
            ]
            Terminal.output(answer.text)
        }
        if !isAutomatic {
            say("\nThe sandbox goes on serving. More payments: `kaunter pay --help`.")
            say("Ctrl-C ends it.")
        }
    }

    /// What a payer's browser does: chooses a bank, approves there, comes back.
    private func payAsPayer(_ created: CreatePaymentReply) async throws {
        say("4. Paying as the payer at \(created.url)")
        let bank = try await post("\(created.url)/attempts", "bank=MBBFPX")
        guard bank.status == .seeOther, let page = bank.headers.first(name: "Location") else {
            throw CommandFailure(refused: "The payer's page did not lead to the bank.")
        }
        say("   Chose Maybank (FPX), went to the simulated bank, and approved.")
        let approved = try await post(page, "choice=approve&amount=25.90")
        guard approved.status == .seeOther else {
            throw CommandFailure(refused: "The simulated bank did not take the approval.")
        }
    }

    private func post(_ url: String, _ form: String) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: form))
        let client = HTTPClient.Configuration(redirectConfiguration: .disallow)
        return try await HTTPClient(configuration: client).once(
            request, timeout: .seconds(Self.stepSeconds))
    }

    /// Waits for the notification, and checks everything that can be checked about it.
    private func watch(_ shop: DemoShop, order: String, merchant: DemoMerchant) async throws {
        let limit = isAutomatic ? Double(Self.stepSeconds) : nil
        let arrival = try await DemoWait.first(of: shop.arrivals, withinSeconds: limit) { arrival in
            if case .notification(let notification, _) = arrival {
                return notification.message.orderID == order
            }
            return false
        }
        guard case .notification(let notification, let query) = arrival else {
            throw CommandFailure(refused: "No notification came whose signature is good.")
        }
        let message = notification.message
        say("5. The shop was notified: \(message.paymentStatus), RM \(message.paymentAmount).")
        say("   Its signature (\(notification.digest.rawValue)) was verified.")
        let verifier = try NotificationVerifier(publicPEM: merchant.notificationPEM)
        let forged = query.replacing(
            "payment_amount=\(message.paymentAmount)", with: "payment_amount=9999.00")
        guard forged != query, (try? verifier.verify(query: forged)) == nil else {
            throw CommandFailure(refused: "A forged notification was taken for genuine.")
        }
        say("   The same with another amount was refused, as it must be.")
        let status = try await merchant.client.paymentStatus(orderID: order)
        guard status.paymentStatus == message.paymentStatus,
            !isAutomatic || status.paymentStatus == "paid"
        else {
            throw CommandFailure(refused: "The status call and the notification disagree.")
        }
        say("6. The status call says the same: \(status.paymentStatus).")
    }

    private func perform(_ act: ControlAct, _ parameters: JSONObject) async throws -> JSONObject {
        let reply = try await ControlLine(configuration).perform(act, parameters)
        guard reply.status == 200, case .object(let body) = reply.body else {
            throw CommandFailure(refused: "The act \(act.rawValue) failed.")
        }
        return body
    }

    /// A line of the story: on standard error, if standard output is for JSON.
    private func say(_ line: String) {
        if wantsJSON { Terminal.error(line) } else { Terminal.output(line) }
    }
}

extension HTTPClient {
    /// One request with a client of its own, which is shut down afterwards.
    fileprivate func once(
        _ request: HTTPClientRequest, timeout: TimeAmount
    ) async throws -> HTTPClientResponse {
        do {
            let response = try await execute(request, timeout: timeout)
            try await shutdown()
            return response
        } catch {
            try await shutdown()
            throw error
        }
    }
}
