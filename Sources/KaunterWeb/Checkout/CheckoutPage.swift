import Foundation
import KaunterCore
import KaunterEngine

/// What every page about a payment shows of it. Nothing of the payer's own data is on a page: the
/// address of a page travels further than one thinks.
struct PaymentSummary: Sendable {
    let merchant: String
    let amount: String
    let order: String
    /// Shown where no money moves.
    let isSandbox: Bool

    init(_ payment: Payment, account: MerchantAccount, engine: Engine) {
        merchant = account.merchantName
        amount = "RM \(payment.amount.decimalWithSeparators)"
        order = payment.orderID
        isSandbox = engine.installation.isSandbox
    }
}

/// The page on which a payer chooses how to pay.
struct ChoicePage: Sendable {
    /// A bank or wallet to choose.
    struct Choice: Sendable {
        let code: String
        let name: String
    }

    let summary: PaymentSummary
    /// What became of the last attempt, or what hinders this one.
    let notice: String?
    let action: String
    let leaveAction: String
    /// Several to choose from; empty when there is one way only.
    let choices: [Choice]
    /// The only way, when there is one.
    let onlyChoice: Choice?
    let button: String
    /// The page's heading, which asks for the choice if there is one.
    let question: String

    init(
        _ payment: Payment, attempts: [Attempt], summary: PaymentSummary
    ) {
        let path = "/\(payment.uuid.text)"
        self.summary = summary
        notice = Self.notice(after: attempts.last, payment: payment)
        action = "\(path)/attempts"
        leaveAction = "\(path)/leave"
        let all = payment.choices.map { Choice(code: $0.code, name: $0.name) }
        choices = all.count > 1 ? all : []
        onlyChoice = all.count == 1 ? all.first : nil
        let name = payment.depositCode.name
        switch payment.depositCode.kind {
        case .fpxSelection:
            (question, button) = ("Choose your bank", "Continue to the bank")
        case .duitNowQR:
            (question, button) = ("Pay by DuitNow QR", "Show the QR code")
        case .onlineBanking, .fpx, .eWallet:
            (question, button) = ("Pay with \(name)", "Continue to \(name)")
        }
    }

    /// What the payer must know before trying (again): what came already, then what became of the
    /// last attempt.
    private static func notice(after last: Attempt?, payment: Payment) -> String? {
        let part =
            payment.received > .zero
            ? "RM \(payment.received.decimalWithSeparators) came so far. "
                + "RM \(payment.missing.decimalWithSeparators) is still to be paid." : nil
        let ending = last.flatMap { Self.end(of: $0, hasPart: part != nil) }
        let sentences = [part, ending].compactMap(\.self)
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    private static func end(of attempt: Attempt, hasPart: Bool) -> String? {
        let name = attempt.depositCode.name
        // Beside what came before, "no money" would be read as all of it.
        let nothing = hasPart ? "" : " No money was taken."
        return switch attempt.state {
        case .declined:
            "\(name) declined the payment.\(nothing) You can try again or choose another way."
        case .cancelled: "You stopped at \(name).\(nothing) You can try again."
        case .lapsed:
            "\(name) gave no answer in time. If money was taken, it will be returned. "
                + "You can try again."
        case .received, .intended, .open: nil
        }
    }
}

/// The page that a payer sees while an attempt is under way: in every tab the same.
struct AttemptPage: Sendable {
    let summary: PaymentSummary
    let bank: String
    /// Where to go on, if the way leads to another page.
    let stepURL: String?
    /// The QR symbol as SVG, if the way is to scan one.
    let symbol: String?
    /// In a sandbox no app can scan the symbol: the simulated wallet's page.
    let simulatorURL: String?

    init(_ attempt: Attempt, summary: PaymentSummary, engine: Engine) {
        self.summary = summary
        bank = attempt.depositCode.name
        switch attempt.step {
        case .redirect(let url):
            (stepURL, symbol, simulatorURL) = (url, nil, nil)
        case .qrCode(let payload):
            stepURL = nil
            symbol = QRSymbol.svg(payload, label: "DuitNow QR code")
            simulatorURL =
                engine.installation.isSandbox
                ? "\(Site.simulatorPath)/\(attempt.reference)" : nil
        case nil:
            (stepURL, symbol, simulatorURL) = (nil, nil, nil)
        }
    }
}

/// The end: what became of the payment, and the way back to the merchant.
struct OutcomePage: Sendable {
    /// A hidden field of the form.
    struct Field: Sendable {
        let name: String
        let value: String
    }

    let summary: PaymentSummary
    let heading: String
    let text: String
    /// The heading's class in the stylesheet: a payer who cancelled did nothing wrong.
    let tone: String
    /// The form back to the merchant, if it wants a POST.
    let form: Form?
    /// The link back to the merchant, if it wants a GET.
    let link: String?

    /// A form that takes the browser to the merchant.
    struct Form: Sendable {
        let url: String
        let fields: [Field]
    }

    init(
        _ payment: Payment, attempts: [Attempt], summary: PaymentSummary,
        redirect: PayerRedirect?
    ) {
        self.summary = summary
        let isFateUnknown = attempts.contains { $0.state.isOpen || $0.state == .lapsed }
        switch payment.status {
        case .paid where payment.isPartial == true:
            (tone, heading) = ("good", "Paid in part")
            text = "RM \((payment.paid ?? .zero).decimalWithSeparators) was received. Thank you."
        case .paid:
            (tone, heading) = ("good", "Payment received")
            text = redirect == nil ? "Thank you. You can close this page." : "Thank you."
        case .cancel, .wait:
            (tone, heading) = ("plain", "Payment cancelled")
            text =
                isFateUnknown
                ? "If money was taken for this order, it will be returned."
                : "No money was taken for this order."
        case .fail:
            (tone, heading) = ("bad", "Payment failed")
            text = "The payment was not completed. What may have been taken will be returned."
        }
        form = redirect.flatMap { redirect in
            guard redirect.method == .post else { return nil }
            return Form(
                url: redirect.url,
                fields: redirect.fields.map { Field(name: $0.name, value: $0.value) })
        }
        link = redirect.flatMap { $0.method == .get ? $0.address : nil }
    }
}

extension Money {
    /// "30,000.00": for people only.
    var decimalWithSeparators: String {
        let text = decimal()
        let (whole, cents) = (text.dropLast(3), text.suffix(3))
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index).isMultiple(of: 3) { grouped += "," }
            grouped.append(digit)
        }
        return grouped + cents
    }
}
