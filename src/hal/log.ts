/**
 * Gets told what the client does, as it happens. For people and tests: nothing in the protocol depends on it, and a
 * client without one composes no text for it. Implementations must not throw and must not call the client.
 */
export interface Log {
  /** Package `number` (1, 2 or 3) went out or came in whole; `bytes` is its body's length. */
  package(number: number, url: string, bytes: number): void;
  /** A command was finished with a DM status; `source` names who asked: `session`, `bootstrap`. */
  command(source: string, name: string, parameters: string[], status: number): void;
  /** A request to a Data Repository was answered with an HTTP status; `bytes` of body were read. */
  exchange(method: string, url: string, status: number, bytes: number): void;
  /** The subtree at this ClientURI was stored and is durable. */
  stored(clientUri: string): void;
  /** The subtree at this ClientURI was deleted. */
  removed(clientUri: string): void;
  /**
   * A piece of work is finished: `session` with a SrvID, `hget` of a ServerURI, `configuration` of a MOID, `report` of a ClientURI. `code` is '' or an
   * error's, `status` that error's status, 0 where it has none.
   */
  finished(work: string, subject: string, code: string, status: number): void;
  /** Anything else worth a line: a stable code and a detail. */
  note(code: string, detail: string): void;
}
