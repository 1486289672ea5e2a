import type { IncomingMessage } from 'node:http';

export interface RequestBody {
  /** The first bytes, at most as many as the bound. */
  readonly kept: Buffer;
  /** Bytes received. */
  readonly length: number;
}

/**
 * Reads a request to its end, keeping at most `bound` bytes. A caller that paused the request resumes it itself.
 * @param done not called where the peer breaks off.
 */
export function readBody(request: IncomingMessage, bound: number, done: (body: RequestBody) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    if (length < bound) chunks.push(chunk.subarray(0, bound - length));
    length += chunk.length;
  });
  request.on('end', () => done({ kept: Buffer.concat(chunks), length }));
}
