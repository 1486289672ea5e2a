/** One status of a Package#3 that fits its schema. */
export interface ReceivedStatus {
  readonly sc: number;
  readonly URI?: readonly string[];
  readonly Data?: readonly unknown[];
}

/** Commands that send data, or find that there is none to send. */
const SENDERS: readonly string[] = ['GET', 'HPUT', 'HPOST'];

/** Commands whose status may be any code with which a repository refused. */
const FORWARDERS: readonly string[] = ['HGET', 'HPUT', 'HPOST'];

/**
 * Whether a command may have this status (PROTOCOL.md §3, §3.1).
 * @param command as it was sent, of any shape.
 * @returns what is wrong, or undefined.
 */
export function judgeStatus(command: unknown, { sc, URI, Data }: ReceivedStatus): string | undefined {
  const [name, ...parameters] = Array.isArray(command) ? command.map(String) : [''];
  if (sc === 202 && name !== 'EXEC') return '202 for a command that has no result later';
  if (sc === 204 && !SENDERS.includes(name)) return '204 for a command that sends no data';
  const mayBeCurrent = FORWARDERS.includes(name) || (name === 'GET' && parameters.some(hasValidator));
  if (sc === 304 && !mayBeCurrent) return '304 for a command without cv';
  if (sc === 200 && name === 'EXEC' && parameters.length > 1) return '200 for an EXEC that is answered later';
  const wantsData = sc === 200 && name === 'GET';
  if (wantsData !== (Data !== undefined)) return wantsData ? '200 without Data' : `${sc} with Data`;
  const wantsUri = sc === 200 && name === 'HGET' && parameters.length === 1;
  if (wantsUri !== (URI !== undefined)) return wantsUri ? '200 without URI' : `${sc} with URI`;
  return undefined;
}

function hasValidator(parameter: string): boolean {
  return /[?&]cv=/.test(parameter);
}
