import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, textAnswer } from './answer.js';
import { isBelow, parseTarget } from './request-target.js';
import type { Credentials } from './script-types.js';

/** Basic authentication (RFC 7617) of the paths that a script protects. */
export class Authentication {
  private readonly areas: { readonly path: string; readonly authorization: string }[];

  /** @param areas checked; of those that a path lies in, the longest counts. */
  constructor(areas: Record<string, Credentials>) {
    this.areas = Object.entries(areas)
      .map(([path, credentials]) => ({ path: parseTarget(path).path, authorization: headerFor(credentials) }))
      .sort((one, other) => other.path.length - one.path.length);
  }

  /** @returns the answer to a request that may not come in; undefined where it may. */
  refusal(target: string, headers: IncomingHttpHeaders): Answer | undefined {
    const { path } = parseTarget(target);
    const area = this.areas.find((one) => isBelow(path, one.path));
    if (!area || headers.authorization === area.authorization) return undefined;
    const why = headers.authorization === undefined ? 'no credentials' : 'wrong credentials';
    return textAnswer(401, why, { 'WWW-Authenticate': `Basic realm="${area.path}", charset="UTF-8"` });
  }
}

function headerFor({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
