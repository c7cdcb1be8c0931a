package import KaunterCore

/// The rails of this installation. In a live one there is no simulator among them.
package struct RailRegistry: Sendable {
    private let rails: [any Rail]

    package init(_ rails: [any Rail]) {
        self.rails = rails
    }

    /// The rail of this name, if it is (still) here.
    package func rail(named name: String) -> (any Rail)? {
        rails.first { $0.name == name }
    }

    /// The rail that carries payments of this service: the first that serves it.
    package func rail(for service: Service) -> (any Rail)? {
        rails.first { $0.services[service] != nil }
    }

    /// Every served service with the amounts that its rail takes.
    package var served: [Service: ClosedRange<Money>] {
        var served: [Service: ClosedRange<Money>] = [:]
        for service in Service.allCases {
            served[service] = rail(for: service)?.services[service]
        }
        return served
    }
}
