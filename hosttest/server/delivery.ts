import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Answer, isBodyless, mergeHeaders } from './answer.js';
import type { FaultKind, FaultOf } from './fault.js';
import type { Reply } from './reply.js';
import { afterTime } from './timer.js';

interface Exchange {
  readonly response: ServerResponse;
  readonly socket: Socket;
}

interface Delivery<K extends FaultKind> {
  send(exchange: Exchange, answer: Answer, fault: FaultOf<K>): void;
  /** Whether the peer gets the answer as it is; always, where left out. */
  isWhole?(answer: Answer, fault: FaultOf<K>): boolean;
}

/** Faults in the way an answer is sent. Every kind that is not here is sent plainly. */
const DELIVERIES: { readonly [K in FaultKind]?: Delivery<K> } = {
  delay: {
    send: (exchange, answer, { ms }) => afterTime(ms, exchange.socket, () => sendPlainly(exchange, answer)),
  },
  stall: {
    isWhole: reachesEnd,
    send: (exchange, answer, fault) => {
      // An ended response lets a kept-alive connection go on; one that only looks whole would block it.
      if (reachesEnd(answer, fault)) sendPlainly(exchange, answer);
      else if (fault.after >= 0) sendPart(exchange, answer, fault.after);
    },
  },
  close: {
    isWhole: reachesEnd,
    send: (exchange, answer, { after }) => {
      if (after < 0) {
        exchange.socket.destroy();
        return;
      }
      sendPart(exchange, answer, after);
      exchange.socket.destroySoon();
    },
  },
  length: {
    isWhole: (_, { by }) => by === 0,
    send: ({ response }, answer, { by }) => {
      const length = Math.max(0, answer.body.length + by);
      writeHead(response, answer, { 'Content-Length': String(length), Connection: 'close' });
      response.end(answer.body);
    },
  },
  chunked: {
    send: ({ response }, answer, { size }) => {
      response.writeHead(answer.status, mergeHeaders(answer.headers, { 'Transfer-Encoding': 'chunked' }));
      for (let from = 0; from < answer.body.length; from += size) {
        response.write(answer.body.subarray(from, from + size));
      }
      response.end();
    },
  },
  drip: {
    send: (exchange, answer, { bytes, interval }) => {
      writeHead(exchange.response, answer);
      drip(exchange, answer.body, bytes, interval);
    },
  },
  garbage: {
    isWhole: () => false,
    send: ({ socket }, _, { text }) => {
      socket.write(text);
      socket.destroySoon();
    },
  },
  noreason: {
    send: ({ response, socket }, answer) => {
      const headers = Object.entries(framed(answer, { Connection: 'close' })).map(
        ([name, value]) => `${name}: ${value}`,
      );
      socket.write(`${[`HTTP/1.1 ${answer.status}`, ...headers].join('\r\n')}\r\n\r\n`);
      if (response.req.method !== 'HEAD' && !isBodyless(answer.status)) socket.write(answer.body);
      socket.destroySoon();
    },
  },
};

function reachesEnd(answer: Answer, { after }: { after: number }): boolean {
  return after >= answer.body.length;
}

function framed(answer: Answer, changes: Record<string, string> = {}): Record<string, string> {
  const headers = mergeHeaders(answer.headers, changes);
  return isBodyless(answer.status) ? headers : mergeHeaders({ 'Content-Length': String(answer.body.length) }, headers);
}

function writeHead(response: ServerResponse, answer: Answer, changes?: Record<string, string>): void {
  response.writeHead(answer.status, framed(answer, changes));
}

function sendPlainly({ response }: Exchange, answer: Answer): void {
  writeHead(response, answer);
  response.end(answer.body);
}

function sendPart({ response }: Exchange, answer: Answer, length: number): void {
  writeHead(response, answer);
  response.write(answer.body.subarray(0, length));
}

function drip(exchange: Exchange, body: Buffer, bytes: number, interval: number): void {
  exchange.response.write(body.subarray(0, bytes));
  if (body.length <= bytes) exchange.response.end();
  else afterTime(interval, exchange.socket, () => drip(exchange, body.subarray(bytes), bytes, interval));
}

function deliveryOf<K extends FaultKind>(fault: FaultOf<K>): Delivery<K> | undefined {
  return DELIVERIES[fault.kind];
}

/** Sends an answer in the way that its fault asks for. */
export function deliver(response: ServerResponse, { answer, fault }: Reply): void {
  // The response to a pipelined request has no socket of its own yet.
  const exchange = { response, socket: response.req.socket };
  const delivery = fault && deliveryOf(fault);
  if (delivery) delivery.send(exchange, answer, fault);
  else sendPlainly(exchange, answer);
}

/** Whether the peer can read all of the answer. */
export function arrivesWhole({ answer, fault }: Reply): boolean {
  return (fault && deliveryOf(fault)?.isWhole?.(answer, fault)) ?? true;
}
