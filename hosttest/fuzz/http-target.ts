import { NodeHttp } from 'dmlet/node';
import { until } from '../server/loopback.js';
import { HttpRecorder } from '../support/device-http-recorder.js';
import { RawServer } from '../support/device-raw-server.js';
import { Pace } from '../support/pace.js';
import { streamBytes } from './cases/http-streams.js';
import { paceOf, type Target, withMutations } from './target.js';

const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngood';

/** Bytes that a peer answers to the adapter of Node: however they are, an exchange ends once, and the next one is as ever. */
export class HttpTarget implements Target {
  readonly name = 'http';
  readonly cases = withMutations(streamBytes);
  private readonly http = new NodeHttp();
  private server: RawServer | undefined;

  async check(input: Uint8Array): Promise<readonly string[]> {
    const wrong: string[] = [];
    const seen = await this.exchange(input, wrong);
    const next = await this.exchange(Buffer.from(GOOD), wrong);
    if (next.body !== 'good')
      wrong.push(`after ${seen.events.join()}: ${next.events.join()} ${next.detail} ${next.body}`);
    return wrong;
  }

  async close(): Promise<void> {
    this.http.close();
    await this.server?.close();
    this.server = undefined;
  }

  private async exchange(answer: Uint8Array, wrong: string[]): Promise<HttpRecorder> {
    this.server ??= await RawServer.start();
    const body = answer.length % 2 === 0 ? Buffer.from('{"a":1}') : undefined;
    const method = body === undefined ? 'GET' : 'POST';
    const request = { url: `${this.server.origin}/`, method, wanted: ['etag', 'location'], newConnection: true };
    const pace = new Pace(paceOf(answer));
    const recorder = new HttpRecorder(this.http, request, { body, piece: pace.next() });
    const connection = await this.server.connection();
    await connection.request();
    for (let from = 0; from < answer.length; ) {
      const to = from + pace.next();
      connection.socket.write(answer.subarray(from, to));
      from = to;
      await new Promise((resolve) => setImmediate(resolve));
    }
    connection.socket.end();
    await recorder.over();
    recorder.close();
    await until(() => connection.closed, 'the end of the connection');
    this.server.connections.length = 0;
    wrong.push(...recorder.broken);
    return recorder;
  }
}
