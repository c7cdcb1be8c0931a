/// The version of this program.
package enum KaunterVersion {
    /// As `--version` and the metrics say it.
    package static let text = "0.1.0"
}
