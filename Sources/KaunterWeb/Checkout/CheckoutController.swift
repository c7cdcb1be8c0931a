import Foundation
import Hummingbird
import KaunterCore
import KaunterEngine
import KaunterStorage

/// The payer's page at `/<uuid>` and its two buttons. Everything works without scripts, and every
/// answer to a button is a redirect, so that reloading repeats nothing.
struct CheckoutController: Sendable {
    let engine: Engine
    let renderer: PageRenderer

    /// Seconds after which a page that waits asks again.
    private static let refreshSeconds = 5

    /// `GET /<uuid>`. Looking changes nothing: link previews look too.
    @Sendable func show(_ request: Request, context: SiteContext) async throws -> Response {
        let uuid = try context.paymentUUID()
        let found = try await engine.reader.read { reading -> Found? in
            guard let payment = try reading.payment(uuid: uuid),
                let account = try reading.account(payment.account)
            else { return nil }
            return Found(
                payment: payment, account: account, attempts: try reading.attempts(of: payment.id))
        }
        guard let found else { throw Refusal.notFound("payment") }
        return try await page(of: found)
    }

    /// `POST /<uuid>/attempts`: the payer goes to the bank. What hinders it is shown by the page.
    @Sendable func beginAttempt(
        _ request: Request, context: SiteContext
    ) async throws -> Response {
        let uuid = try context.paymentUUID()
        let form = try await request.form()
        do {
            let attempt = try await engine.beginAttempt(of: uuid, with: form["bank"] ?? "")
            if case .redirect(let url) = attempt.step, attempt.state == .open {
                return .seeOther(url)
            }
        } catch Refusal.attemptOpen, Refusal.alreadyFinal, Refusal.lifetimeOver {
            // Another tab, or time, was quicker: the page shows how things stand.
        }
        return .seeOther("/\(uuid.text)")
    }

    /// `POST /<uuid>/leave`: the payer leaves it at that.
    @Sendable func leave(_ request: Request, context: SiteContext) async throws -> Response {
        let uuid = try context.paymentUUID()
        do {
            _ = try await engine.leavePayment(uuid)
        } catch Refusal.attemptOpen, Refusal.alreadyFinal {
            // Decided elsewhere: the page shows how things stand.
        }
        return .seeOther("/\(uuid.text)")
    }

    /// What a page is made of.
    private struct Found {
        let payment: Payment
        let account: MerchantAccount
        let attempts: [Attempt]
    }

    private func page(of found: Found) async throws -> Response {
        let payment = found.payment
        let summary = PaymentSummary(payment, account: found.account, engine: engine)
        let title = "\(summary.amount) to \(summary.merchant)"
        if payment.status.isFinal {
            let redirect = try await engine.redirect(of: payment)
            return try renderer.response(
                "outcome",
                OutcomePage(
                    payment, attempts: found.attempts, summary: summary, redirect: redirect),
                title: title, formTargets: .anywhere)
        }
        if let open = found.attempts.first(where: \.state.isOpen) {
            return try renderer.response(
                "attempt", AttemptPage(open, summary: summary, engine: engine), title: title,
                refreshSeconds: Self.refreshSeconds)
        }
        if engine.now >= payment.expiresAt {
            return try renderer.response(
                "expired", summary, title: title, refreshSeconds: Self.refreshSeconds)
        }
        return try renderer.response(
            "choice", ChoicePage(payment, attempts: found.attempts, summary: summary),
            title: title)
    }
}

extension SiteContext {
    /// The payment in the path; what is no UUID is no payment.
    func paymentUUID() throws -> UUID {
        guard let uuid = parameters.get("payment").flatMap({ UUID(uuidString: $0) }) else {
            throw Refusal.notFound("payment")
        }
        return uuid
    }
}

extension Response {
    /// Go there, by GET.
    static func seeOther(_ url: String) -> Response {
        Response(status: .seeOther, headers: [.location: url, .cacheControl: "no-store"])
    }
}
