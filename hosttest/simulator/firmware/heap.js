import Debug from 'debug';
import { ModdableClock, ModdableHttp, ModdableText } from 'dmlet/adapters';
import Instrumentation from 'instrumentation';
import config from 'mc/config';
import TextDecoder from 'text/decoder';
import TextEncoder from 'text/encoder';
import Time from 'time';
import Timer from 'timer';

// What an HTTP exchange adds to the heap of the machine, without garbage, at most between two turns of the event loop: with the SDK's own
// client, with dmlet's adapter, and with that over TLS. And that a certificate of an unknown authority is refused.

const SLOTS = Instrumentation.map('XS Slot Heap Used');
const CHUNKS = Instrumentation.map('XS Chunk Heap Used');

/** Milliseconds between two looks. */
const STEP = 1;

const { http, https } = device.network;
const { host, ports } = config.heap;

/** `HttpFailure.Tls`. */
const TLS_FAILURE = 3;

class Probe {
  constructor(title) {
    this.title = title;
    this.base = this.look();
    this.most = { slots: 0, chunks: 0 };
    this.timer = Timer.repeat(() => this.sample(), STEP);
  }

  look() {
    Debug.gc();
    return { slots: Instrumentation.get(SLOTS), chunks: Instrumentation.get(CHUNKS) };
  }

  sample() {
    const now = this.look();
    this.most.slots = Math.max(this.most.slots, now.slots - this.base.slots);
    this.most.chunks = Math.max(this.most.chunks, now.chunks - this.base.chunks);
  }

  end(how) {
    Timer.clear(this.timer);
    trace(`heap: ${this.title}: ${how}, ${this.most.slots} bytes of slots, ${this.most.chunks} bytes of chunks\n`);
  }
}

function ownClient(done) {
  const probe = new Probe('the SDK’s client');
  const client = new http.io({ ...http, host, port: ports.http });
  client.request({
    path: '/document',
    onHeaders() {
      probe.sample();
    },
    onReadable(count) {
      this.read(count);
      probe.sample();
    },
    onDone(error) {
      probe.sample();
      probe.end(error ? 'failed' : 'done');
      client.close();
      Timer.set(done, 0);
    },
  });
}

function adapter(title, url, https, done) {
  const clock = new ModdableClock(Timer, Time);
  const text = new ModdableText(new TextEncoder(), new TextDecoder('utf-8', { fatal: true }), String.fromArrayBuffer);
  const window = new Uint8Array(512);
  const probe = new Probe(title);
  const client = new ModdableHttp({ http, https, timers: clock, text });
  const request = { method: 'GET', url, headers: [], bodyLength: 0, newConnection: false, wanted: [] };
  const exchange = client.request(request, {
    onWritable() {},
    onHeader() {},
    onResponse() {
      probe.sample();
    },
    onReadable() {
      while (exchange.read(window, 0, window.length) > 0);
      probe.sample();
    },
    onEnd() {
      probe.sample();
      end('done');
    },
    onFailure(failure, detail) {
      end(failure === TLS_FAILURE ? 'refused' : `failed with ${failure} ${detail}`);
    },
  });

  function end(how) {
    probe.end(how);
    exchange.close();
    client.close();
    Timer.set(done, 0);
  }
}

export default function main() {
  const plain = `http://${host}:${ports.http}/document`;
  const secure = `https://${host}:${ports.https}/document`;
  // Whether the certificate is good is not looked at: that costs time, and no memory that is held.
  const unverified = { ...https, socket: { ...https.socket, secure: { ...https.socket.secure, verify: false } } };
  ownClient(() =>
    adapter('dmlet’s adapter', plain, unverified, () =>
      adapter('dmlet’s adapter over TLS', secure, unverified, () =>
        adapter('an authority that nobody knows', secure, https, () => trace('heap: end\n')),
      ),
    ),
  );
}
