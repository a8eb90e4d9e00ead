// @ts-check

/** A request that the server refused, or that the connection could not carry. */
export class WireError extends Error {
  /**
   * @param {{code?: string, status?: number, title?: string, detail?: string,
   *   retry_ms?: number, temporary?: boolean, [key: string]: any}} problem
   */
  constructor(problem) {
    super(problem.title ?? problem.detail ?? problem.code ?? "The request failed.");
    this.name = "WireError";
    this.code = problem.code ?? "internal";
    this.status = problem.status ?? 0;
    this.temporary = problem.temporary ?? false;
    this.retryMs = problem.retry_ms;
    this.problem = problem;
  }

  /** The connection went away before the answer: try again when it is back. */
  static disconnected() {
    return new WireError({ code: "disconnected", title: "Not connected.", temporary: true });
  }
}
