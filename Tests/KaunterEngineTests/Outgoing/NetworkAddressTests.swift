import KaunterEngine
import Testing

@Suite("Where an address leads")
struct NetworkAddressTests {
    private static let everywhere = [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
        "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
        "223.255.255.255", "2001:200::1", "2001:4860:4860::8888", "2001:db7::1", "2001:db9::1",
        "2400:cb00::1", "2606:4700:4700::1111", "2a00::1", "3fff:1000::1", "2002:0808:0808::1",
        "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "::ffff:808:808",
    ]

    private static let inside = [
        "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
        "127.0.0.0", "127.0.0.1", "127.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
        "192.168.255.255", "::1", "fc00::", "fdff:ffff::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::ffff:192.168.0.1", "::ffff:7f00:1", "::FFFF:AC10:0001",
    ]

    private static let nowhere = [
        "0.0.0.0", "0.0.0.1", "0.255.255.255", "169.254.0.0", "169.254.169.254",
        "169.254.255.255", "192.0.0.0", "192.0.0.170", "192.0.0.192", "192.0.2.1", "192.88.99.1",
        "198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
        "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::2", "::7f00:1", "::10.0.0.1",
        "::8.8.8.8", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::ffff:255.255.255.255",
        "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8", "64:ff9b:0:1::8.8.8.8",
        "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::1", "2002:c0a8:1::1", "2001::1",
        "2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1",
        "2001:20::1", "2001:1ff:ffff::1", "2001:db8::1", "3fff::1", "3fff:fff::1", "100::1",
        "5f00::1", "fe80::1", "fe80::a9fe:a9fe", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
        "4000::1", "8000::1", "fb00::1", "100.100.100.200", "168.63.129.16", "fd00:ec2::254",
        "fd00:ec2::253", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42", "fd00:c1::a9fe:a9fe",
    ]

    @Test("the public internet", arguments: everywhere)
    func leadsEverywhere(_ text: String) {
        #expect(NetworkAddress(text)?.reach == .everywhere)
    }

    @Test("this machine and private networks", arguments: inside)
    func leadsInside(_ text: String) {
        #expect(NetworkAddress(text)?.reach == .inside)
    }

    @Test(
        "metadata, multicast, documentation, and what carries an inside address", arguments: nowhere
    )
    func leadsNowhere(_ text: String) {
        #expect(NetworkAddress(text)?.reach == .nowhere)
    }

    @Test(
        "only the plain form is an address by itself",
        arguments: [
            "", " ", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1 ", " 127.0.0.1",
            "127.0.0.1.", "127.0.0.256", "1.2.3", "1.2.3.4.5", "[::1]", "::1%lo", "fe80::1%1",
            "::g", "localhost", "１２７.0.0.1", "127.0.0.1\u{0}", ":::", "1::2::3",
        ])
    func notPlain(_ text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test("an address is printed in its plain form")
    func text() {
        #expect(NetworkAddress("127.0.0.1")?.text == "127.0.0.1")
        #expect(NetworkAddress("0:0:0:0:0:0:0:1")?.text == "::1")
        #expect(NetworkAddress("2001:DB8::0:1")?.text == "2001:db8::1")
    }
}
