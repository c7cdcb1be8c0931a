import Foundation
import Hummingbird
import KaunterCore
import NIOCore

/// The stylesheet, the script and the icon, served under names that hold a hash of their content,
/// so that a browser may keep them for ever.
struct Assets: Sendable {
    /// A file, ready to be served.
    private struct Asset: Sendable {
        let path: String
        let contentType: String
        let bytes: ByteBuffer
    }

    private let byName: [String: Asset]
    private let byServedName: [String: Asset]

    private static let contentTypes = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    /// Reads every file of the folder.
    init(folder: URL) throws {
        var byName: [String: Asset] = [:]
        var byServedName: [String: Asset] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let parts = file.split(separator: ".")
            guard parts.count == 2, let type = Self.contentTypes[String(parts[1])] else { continue }
            let data = try Data(contentsOf: folder.appendingPathComponent(file))
            let served = "\(parts[0]).\(String(ContentHash.of(data), radix: 16)).\(parts[1])"
            let asset = Asset(
                path: "/assets/\(served)", contentType: type, bytes: ByteBuffer(bytes: data))
            byName[file] = asset
            byServedName[served] = asset
        }
        self.byName = byName
        self.byServedName = byServedName
    }

    /// The address of an asset by its file's name; "" if there is none, which a test would notice.
    func path(of name: String) -> String {
        byName[name]?.path ?? ""
    }

    /// `GET /assets/<name>`
    @Sendable func serve(_ request: Request, context: SiteContext) async throws -> Response {
        guard let asset = context.parameters.get("name").flatMap({ byServedName[$0] }) else {
            throw Failure(.notFound, "not_found", "There is no such file.")
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: asset.contentType,
                .cacheControl: "public, max-age=31536000, immutable",
                .xContentTypeOptions: "nosniff",
            ],
            body: .init(byteBuffer: asset.bytes))
    }
}
