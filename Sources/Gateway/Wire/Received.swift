/// What clients send, one struct for each message that has data; generated from `Messages`.
///
/// Reading one enforces every bound of its definition.
///
/// ## Topics
/// - ``CustomerMessage``
/// - ``AgentMessage``
/// - ``Envelope``
/// - ``WireFault``
package enum Received {}
