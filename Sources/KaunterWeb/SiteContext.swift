package import Hummingbird
import Logging
import NIOCore

/// What is known of a request from its first byte on.
package struct SiteContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The address that the connection came from, without its port: "" if the system names none.
    package let sourceAddress: String

    package init(source: ApplicationRequestContextSource) {
        self.coreContext = .init(source: source)
        self.sourceAddress = source.channel.remoteAddress?.ipAddress ?? ""
    }
}
