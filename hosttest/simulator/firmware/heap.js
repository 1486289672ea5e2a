import Resource from 'Resource';
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

const { http } = device.network;
// The resources `ca….der` are for authorities of the SDK's own index: this is how a firmware knows others.
const secure = { ...device.network.https.socket.secure, certificate: new Resource('authority.der').slice(0) };
const https = { ...device.network.https, socket: { ...device.network.https.socket, secure } };
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

function adapter(title, url, done) {
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
  const url = (scheme, port) => `${scheme}://${host}:${port}/document`;
  ownClient(() =>
    adapter('dmlet’s adapter', url('http', ports.http), () =>
      adapter('dmlet’s adapter over TLS', url('https', ports.https), () =>
        adapter('an authority that nobody knows', url('https', ports.unknown), () => trace('heap: end\n')),
      ),
    ),
  );
}
