/// What the server sends, one struct for each message that has data; generated from `Messages`.
///
/// ## Topics
/// - ``ServerFrame``
/// - ``ServerMessage``
package enum Sent {}
