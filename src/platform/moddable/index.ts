import Resource from 'Resource';
import UDP from 'embedded:io/socket/udp';
import { Digest } from 'crypt';
import {
  LabHttp,
  listenForNotifications,
  ModdableClock,
  ModdableDigests,
  ModdableHttp,
  ModdableRandom,
  ModdableResource,
  ModdableText,
  settingsOf,
  TraceLog,
} from 'dmlet/adapters';
import { DmClient, type DmError, type Platform } from 'dmlet/core';
import { openFlash } from 'dmlet/flash';
import identity from 'dmlet/identity';
import { PLATFORM_LIMITS } from 'dmlet/limits';
import config from 'mc/config';
import TextDecoder from 'text/decoder';
import TextEncoder from 'text/encoder';
import Time from 'time';
import Timer from 'timer';
import type { SocketClass } from './network.js';
import { LogLevel } from './trace-log.js';

// The module `dmlet` of a firmware. It is not preloaded: what it makes lives in RAM.

const settings = settingsOf(config);
const { network } = device;

class NoTls {
  constructor() {
    throw new Error('no TLS in this firmware');
  }
}

/** Chips without room for TLS have no `device.network.https`: there an `https:` URL is one that cannot be connected to. */
const withoutTls = {
  ...network.http,
  socket: { io: NoTls as unknown as SocketClass, TCP: network.http.socket },
};

function platform(): Platform {
  const clock = new ModdableClock(Timer, Time, Date);
  const text = new ModdableText(
    new TextEncoder(),
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }),
    String.fromArrayBuffer,
  );
  const http = new ModdableHttp({ http: network.http, https: network.https ?? withoutTls, timers: clock, text });
  return {
    http: settings.server === '' ? http : new LabHttp(http, settings.server),
    flash: openFlash(settings.flash),
    clock,
    random: new ModdableRandom(Math.random, `${identity.value('DevID')} ${Time.ticks}`),
    digests: new ModdableDigests(Digest),
    text,
    identity,
    log: settings.log === LogLevel.None ? undefined : new TraceLog(trace, settings.log),
  };
}

/** The one client of this device. Any module of the firmware may import it, and ask it for configuration, sessions and the like. */
export const client = new DmClient(platform(), { limits: { ...PLATFORM_LIMITS, ...settings.limits } });

/** A port that cannot be had is noted: the client works without notifications. */
function listen(port: number): void {
  try {
    listenForNotifications(UDP, port, (bytes) => client.notify(bytes));
  } catch (thrown) {
    trace(`dmlet: no notifications from port ${port}: ${thrown}\n`);
  }
}

/**
 * Loads what is in flash, applies the factory bootstrap where it is another one than the last, begins with the work that is due, and listens for
 * notifications. To be called once, when the network is there, from the firmware's main.
 * @returns why the client is of no use; undefined where it is at work.
 */
export function startClient(): DmError | undefined {
  const { bootstrap, port } = settings;
  try {
    const hasBootstrap = bootstrap !== '' && Resource.exists(bootstrap);
    client.start(hasBootstrap ? new ModdableResource(new Resource(bootstrap)) : undefined);
  } catch (thrown) {
    // Only a DmError leaves the client; the resource exists.
    trace(`dmlet: not started: ${thrown}\n`);
    return thrown as DmError;
  }
  if (port > 0) listen(port);
  return undefined;
}
