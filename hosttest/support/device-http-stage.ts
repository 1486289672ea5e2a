import type { HttpClient, HttpRequest } from 'dmlet';
import { HttpRecorder, type RecorderSetup } from './device-http-recorder.js';
import { type RawConnection, RawServer } from './device-raw-server.js';

/** Larger than all buffers between two sockets of one machine; where no system lies between them, these are small. */
export const HUGE = process.versions === undefined ? 1 << 18 : 1 << 24;

/** An HTTP client under test. */
export interface HttpUnderTest {
  readonly http: HttpClient;
  /** Closes the connections that it keeps. */
  close(): void;
}

/** @param ca certificates (PEM) to trust. */
export type MakeHttp = (ca?: string) => HttpUnderTest;

/** What a test of the contract has: a server that says what the test wants, byte by byte, and a client. */
export class HttpStage {
  readonly recorders: HttpRecorder[] = [];

  constructor(
    readonly server: RawServer,
    readonly client: HttpUnderTest,
  ) {}

  /** Begins an exchange with the server. */
  begin(request: Partial<HttpRequest> = {}, setup: RecorderSetup = {}): HttpRecorder {
    const url = `${this.server.origin}/path`;
    const recorder = new HttpRecorder(this.client.http, { url, ...request }, setup);
    this.recorders.push(recorder);
    return recorder;
  }

  /** Begins an exchange, and waits until its request, which has no body, is there. */
  async get(request: Partial<HttpRequest> = {}, setup: RecorderSetup = {}): Promise<[HttpRecorder, RawConnection]> {
    const recorder = this.begin(request, setup);
    const connection = await this.server.connection();
    await connection.request();
    return [recorder, connection];
  }
}

/** A test on a stage; at its end no rule of the contract may be broken, and no connection may be left. */
export function onHttpStage(make: MakeHttp, act: (stage: HttpStage) => Promise<void>): () => Promise<void> {
  return async () => {
    const server = await RawServer.start();
    const client = make();
    const stage = new HttpStage(server, client);
    try {
      await act(stage);
      const broken = stage.recorders.flatMap((recorder) => recorder.broken);
      if (broken.length > 0) throw new Error(`the contract is broken: ${broken.join(', ')}`);
    } finally {
      for (const recorder of stage.recorders) recorder.close();
      client.close();
      await server.close();
    }
  };
}
