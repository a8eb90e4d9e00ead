import Gateway

/// The version of this program.
enum ServerVersion {
    static let text = OperationStatus.version
}
