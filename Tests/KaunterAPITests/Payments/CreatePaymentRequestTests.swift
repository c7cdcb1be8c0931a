import KaunterAPI
import Testing

@Suite("The body of a payment")
struct CreatePaymentRequestTests {
    let request = CreatePaymentRequest(
        amount: "100.50", orderID: "a/1", service: "qr_code_myr_hpp", customerIP: "203.0.113.7",
        customerCode: "DUITNOW", customerFirstName: "Aisyah", customerLastName: "Rahman")

    @Test("what is nil is left out")
    func required() {
        #expect(
            request.json.text
                == #"{"amount":"100.50","order_id":"a/1","service":"qr_code_myr_hpp","#
                + #""customer_ip":"203.0.113.7","customer_code":"DUITNOW","#
                + #""customer_first_name":"Aisyah","customer_last_name":"Rahman"}"#)
    }

    @Test("everything comes in the documented order, further fields last and each key once")
    func everything() {
        var request = request
        request.successRedirectID = 1
        request.failRedirectID = 2
        request.notificationEndpointID = 3
        request.successRedirectURL = "https://shop.example/ok"
        request.failRedirectURL = "https://shop.example/no"
        request.notificationEndpointURL = "https://shop.example/told"
        request.desc = "Books"
        request.lifetimeSeconds = 900
        request.further = ["customer_email": "a@shop.example", "amount": "1.00"]
        let object = request.json.objectValue
        #expect(
            object?.keys == [
                "amount", "order_id", "service", "customer_ip", "customer_code",
                "customer_first_name", "customer_last_name", "success_redirect_id",
                "fail_redirect_id", "notification_endpoint_id", "success_redirect_url",
                "fail_redirect_url", "notification_endpoint_url", "desc", "lifetime",
                "customer_email",
            ])
        #expect(object?["amount"] == "100.50")
        #expect(object?["fail_redirect_id"] == 2)
        #expect(object?["lifetime"] == 900)
    }
}
