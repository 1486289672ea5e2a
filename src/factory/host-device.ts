import { DmClient, type Limits } from 'dmlet';
import { NodeFlash, type NodeFlashOptions, type NodeHttpOptions, nodePlatform } from 'dmlet/node';
import type { Reporter } from './reporter.js';
import { StateLock } from './state-lock.js';
import { UsageError } from './usage-error.js';

/** A laptop has more room than a module, and whoever sits before it does not wait for hours. */
export const HOST_LIMITS: Partial<Limits> = {
  tree: 131072,
  names: 2048,
  nameBytes: 65536,
  value: 32768,
  defaults: 64,
  objects: 512,
  record: 4000,
  reply: 65536,
  retryFirst: 1000,
  retryCap: 60000,
};

/** A device on this machine. */
export interface HostDevice {
  client: DmClient;
  flash: NodeFlash;
  /** Ends all work, and leaves the folder to others. */
  close(): void;
}

/** How a device differs from the usual one. */
export interface HostDeviceOptions {
  http?: NodeHttpOptions;
  limits?: Partial<Limits>;
}

/**
 * Makes a device whose flash is a folder, and which tells a reporter all that it does.
 * @throws UsageError where the folder cannot be used, or is used by another process.
 */
export function hostDevice(
  state: string,
  identity: Record<string, string>,
  reporter: Reporter,
  { http, limits }: HostDeviceOptions = {},
): HostDevice {
  const { flash, lock } = openFlash(state, (operation, key, bytes) => reporter.flash(operation, key, bytes));
  const platform = nodePlatform(flash, identity, { log: reporter, http, show: (url) => reporter.shown(url) });
  const client = new DmClient(platform, { limits: { ...HOST_LIMITS, ...limits } });
  reporter.attach(client);
  return {
    client,
    flash,
    close() {
      client.close();
      platform.http.close();
      lock.release();
    },
  };
}

function openFlash(state: string, onChange: NodeFlashOptions['onChange']): { flash: NodeFlash; lock: StateLock } {
  try {
    const lock = new StateLock(state);
    return { flash: new NodeFlash(state, { onChange }), lock };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--state ${state}: ${(error as Error).message}`);
  }
}
