import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterRails
import KaunterStorage
import TestSupport
import Testing

@testable import KaunterWeb

/// Every rule for a field of a create (contract §1.1), without a store: what is read, and what is
/// said of what can't be.
@Suite("The fields of a create")
struct PaymentOrderWireTests {
    /// Reads a complete body in which one field's value is this JSON text; nil leaves it out.
    private func read(
        _ field: String, _ json: String?, service: String = "online_banking_myr_hpp"
    ) throws -> (draft: PaymentOrderDraft, errors: FieldErrors) {
        let value = try json.map { try JSONValue(parsing: $0.utf8) }
        let text = WebHouse.body {
            $0["service"] = .string(service)
            $0[field] = value
        }
        guard case .object(let body) = try JSONValue(parsing: text.utf8) else {
            throw Missing(what: "the body")
        }
        return PaymentOrderDraft.read(body)
    }

    private func faults(_ field: String, _ json: String?) throws -> [String] {
        let errors = try read(field, json).errors.entries
        #expect(errors.allSatisfy { $0.field == field }, "\(field): \(json ?? "absent")")
        return errors.flatMap(\.messages)
    }

    @Test(
        "an amount is a number or a numeric string, read from its text",
        arguments: [
            ("100", 10_000), (#""100""#, 10_000), ("100.5", 10_050), (#""100.50""#, 10_050),
            ("0.01", 1), (#""0.1""#, 10), ("999999999.99", 99_999_999_999), (#""007.00""#, 700),
        ] as [(String, Int64)])
    func amounts(_ json: String, _ sen: Int64) throws {
        #expect(try read("amount", json).draft.amount == .sen(sen))
        #expect(try faults("amount", json).isEmpty)
    }

    @Test(
        "what is no amount is refused and never rounded",
        arguments: [
            ("1.001", "The amount may not have more than 2 decimals."),
            (#""1.000""#, "The amount may not have more than 2 decimals."),
            ("0", "The amount must be greater than 0."),
            (#""0.00""#, "The amount must be greater than 0."),
            ("1000000000", "The amount may not be greater than 999999999.99."),
            (
                #""999999999999999999999999999999999999999""#,
                "The amount may not be greater than 999999999.99."
            ),
            ("-5", "The amount must be a number."), ("1e2", "The amount must be a number."),
            ("1E400", "The amount must be a number."), (#""+1""#, "The amount must be a number."),
            (#"" 1""#, "The amount must be a number."), (#""1 ""#, "The amount must be a number."),
            (#""1,000.00""#, "The amount must be a number."),
            (#""1.""#, "The amount must be a number."), (#"".5""#, "The amount must be a number."),
            (#""1.2.3""#, "The amount must be a number."),
            (#""0x10""#, "The amount must be a number."),
            (#""NaN""#, "The amount must be a number."),
            (#""१००""#, "The amount must be a number."),
            (#""１００""#, "The amount must be a number."),
            ("true", "The amount must be a number."), ("[]", "The amount must be a number."),
            ("{}", "The amount must be a number."), ("null", "The amount field is required."),
            (#""""#, "The amount field is required."),
        ])
    func wrongAmounts(_ json: String, _ message: String) throws {
        #expect(try faults("amount", json) == [message])
    }

    @Test(
        "an order_id is a string or a number that is kept as its text",
        arguments: [
            (#""A-1""#, "A-1"), ("42", "42"), ("1.50", "1.50"), ("-0", "-0"), ("1e5", "1e5"),
            (#""0""#, "0"), (#""naïve 注文""#, "naïve 注文"), (#"" x ""#, " x "),
        ])
    func orderIDs(_ json: String, _ text: String) throws {
        #expect(try read("order_id", json).draft.orderID == text)
    }

    @Test("an order_id has at most 128 characters, counted in code points")
    func orderIDLength() throws {
        // Each of these letters is one code point, whatever bytes or UTF-16 units it takes.
        for letter in ["x", "é", "注", "😀"] {
            let fits = String(repeating: letter, count: 128)
            #expect(try read("order_id", "\"\(fits)\"").draft.orderID == fits)
            #expect(
                try faults("order_id", "\"\(fits + letter)\"") == [
                    "The order_id may not be greater than 128 characters."
                ])
        }
        // One letter to the eye, two code points.
        let combined = String(repeating: "e\u{301}", count: 64)
        #expect(try read("order_id", "\"\(combined)\"").draft.orderID == combined)
        #expect(try !faults("order_id", "\"\(combined)e\u{301}\"").isEmpty)
    }

    @Test("each of the 38 codes is taken under its service and refused under the others")
    func depositCodes() throws {
        #expect(Catalogue.depositCodes.count == 38)
        for code in Catalogue.depositCodes {
            for service in Service.allCases {
                let (draft, errors) = try read(
                    "customer_code", "\"\(code.code)\"", service: service.rawValue)
                if service == code.service {
                    #expect(draft.depositCode == code)
                    #expect(errors.isEmpty)
                } else {
                    #expect(draft.depositCode == nil)
                    #expect(errors.entries.map(\.field) == ["customer_code"])
                }
            }
        }
    }

    @Test("codes and services are compared exactly")
    func exactWords() throws {
        for json in [#""cimb""#, #""CIMB ""#, "1", "[]", #""CIMB\u0001""#] {
            #expect(
                try faults("customer_code", json) == [
                    "The selected customer_code is invalid."
                ])
        }
        for json in [#""ONLINE_BANKING_MYR_HPP""#, #""online_banking_myr""#, "true"] {
            #expect(try faults("service", json) == ["The selected service is invalid."])
        }
        #expect(try faults("customer_code", nil) == ["The customer_code field is required."])
        #expect(try faults("service", nil) == ["The service field is required."])
    }

    @Test("an IP is IPv4 or IPv6 text")
    func addresses() throws {
        for ip in [
            "1.2.3.4", "255.255.255.255", "::1", "2001:db8::1", "::ffff:1.2.3.4",
            "fe80:0:0:0:0:0:0:1",
        ] {
            #expect(try read("customer_ip", "\"\(ip)\"").draft.ip == ip)
        }
        for json in [
            #""1.2.3""#, #""256.1.1.1""#, #""1.2.3.4.5""#, #"" 1.2.3.4""#, #""1.2.3.4\n""#,
            #""01.2.3.4""#, #""[::1]""#, #""fe80::1%eth0""#, #""1.2.3.4:80""#, #"":::""#,
            #""localhost""#, "16909060", "true",
        ] {
            #expect(
                try faults("customer_ip", json) == [
                    "The customer_ip must be a valid IP address."
                ])
        }
    }

    @Test(
        "a name has 1 to 100 characters",
        arguments: [
            "customer_first_name", "customer_last_name",
        ])
    func names(_ field: String) throws {
        let fits = String(repeating: "ü", count: 100)
        #expect(try faults(field, "\"\(fits)\"").isEmpty)
        #expect(try faults(field, #""X""#).isEmpty)
        #expect(try faults(field, #""O'Neil <b>""#).isEmpty)
        #expect(
            try faults(field, "\"\(fits)ü\"") == [
                "The \(field) may not be greater than 100 characters."
            ])
        #expect(try faults(field, #""""#) == ["The \(field) field is required."])
        #expect(try faults(field, nil) == ["The \(field) field is required."])
        #expect(try faults(field, "7") == ["The \(field) must be a string."])
        #expect(try faults(field, #""a\nb""#) == ["The \(field) may not hold control characters."])
        #expect(
            try faults(field, #""a\u0085b""#) == [
                "The \(field) may not hold control characters."
            ])
    }

    @Test(
        "ids are integers or text of one",
        arguments: [
            "success_redirect_id", "fail_redirect_id", "notification_endpoint_id",
        ])
    func ids(_ field: String) throws {
        for json in ["5", #""5""#] {
            let targets = try read(field, json).draft.targets
            let ids = [
                targets.successRedirectID, targets.failRedirectID, targets.notificationEndpointID,
            ]
            #expect(ids.compactMap(\.self) == [5])
        }
        for json in ["null", #""""#] { #expect(try faults(field, json).isEmpty) }
        for json in [
            "1.5", "1.0", "1e1", #""x""#, #""5 ""#, #""٥""#, "true", "[]", "9223372036854775808",
        ] {
            #expect(try faults(field, json) == ["The \(field) must be an integer."])
        }
    }

    @Test(
        "a URL is absolute, http or https, at most 255 characters",
        arguments: [
            "success_redirect_url", "fail_redirect_url", "notification_endpoint_url",
        ])
    func urls(_ field: String) throws {
        let longest = "https://shop.example/" + String(repeating: "a", count: 234)
        for url in [
            "https://shop.example", "http://shop.example:8080/x?y=1#z", "HTTPS://SHOP.EXAMPLE/",
            "https://127.0.0.1/", "https://[::1]/", longest,
        ] {
            let targets = try read(field, JSONValue.string(url).text).draft.targets
            let urls = [
                targets.successRedirectURL, targets.failRedirectURL,
                targets.notificationEndpointURL,
            ]
            #expect(urls.compactMap(\.self) == [url])
        }
        #expect(
            try faults(field, "\"\(longest)a\"") == [
                "The \(field) may not be greater than 255 characters."
            ])
        for json in [
            #""/thanks""#, #""shop.example""#, #""//shop.example/""#, #""ftp://shop.example/""#,
            #""javascript:alert(1)""#, #""https://""#, #""https:///x""#, #""https://a b/""#,
            #""https://user:pw@shop.example/""#, #""https://shop.example/\r\nX: y""#,
            #""https://shop.example:0/""#, #""https://shop.example:99999/""#,
        ] {
            #expect(
                try faults(field, json) == [
                    "The \(field) must be an absolute http or https URL."
                ])
        }
        #expect(try faults(field, "5") == ["The \(field) must be a string."])
        for json in ["null", #""""#] { #expect(try faults(field, json).isEmpty) }
    }

    @Test("a desc is cut at 128 characters, and absent when empty")
    func descriptions() throws {
        let long = String(repeating: "字", count: 130)
        #expect(try read("desc", "\"\(long)\"").draft.description?.unicodeScalars.count == 128)
        #expect(try read("desc", #""two\ncoffees""#).draft.description == "two\ncoffees")
        #expect(try read("desc", "12.50").draft.description == "12.50")
        for json in [nil, "null", #""""#, "true", "[]", "{}"] {
            #expect(try read("desc", json).draft.description == nil)
            #expect(try faults("desc", json).isEmpty)
        }
    }

    @Test(
        "a lifetime is clamped to 900–3600 seconds, and 1800 when it is no number",
        arguments: [
            (nil, 1800), ("900", 900), ("899", 900), ("3600", 3600), ("3601", 3600), ("0", 900),
            ("-5", 900), (#""1200""#, 1200), ("1200.9", 1200),
            ("99999999999999999999999999", 3600), ("null", 1800), (#""""#, 1800),
            (#""soon""#, 1800),
            ("[900]", 1800), ("true", 1800),
        ] as [(String?, Int64)])
    func lifetimes(_ json: String?, _ seconds: Int64) throws {
        let (draft, errors) = try read("lifetime", json)
        #expect(draft.lifetimeSeconds == seconds)
        #expect(errors.isEmpty)
    }

    @Test("further fields are kept as sent, in order")
    func furtherFields() throws {
        let text = """
            {"z":1.50,"amount":"1.00","customer_email":"a@b","deep":{"k":[null,true,"\\u00e9"]},\
            "lifetime":900,"order_id":"7"}
            """
        guard case .object(let body) = try JSONValue(parsing: text.utf8) else { return }
        #expect(
            PaymentOrderDraft.read(body).draft.furtherFields == """
                {"z":1.50,"customer_email":"a@b","deep":{"k":[null,true,"é"]},"lifetime":900}
                """)
    }
}
