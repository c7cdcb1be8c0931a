/// How an endpoint wants its notifications (contract §4).
public enum NotificationMethod: String, Sendable, Hashable, CaseIterable {
    /// `GET` with the fields in the query.
    case get
    /// `POST` with the fields as a form.
    case postForm = "post_form"
    /// `POST` with the fields as JSON.
    case postJSON = "post_json"
}
