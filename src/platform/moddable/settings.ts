import type { FlashDoors } from './counted-flash.js';
import type { LogLevel } from './trace-log.js';

/** `config` of the manifest, as the SDK's module `mc/config` has it. What a command line of `mcconfig` sets is a string. */
export interface Config {
  readonly dmlet: Settings;
  readonly 'dmlet.server'?: string;
  readonly 'dmlet.log'?: string;
  readonly 'dmlet.port'?: string;
}

/** What the manifest says to dmlet. */
export interface Settings {
  /** Name of the resource with the factory bootstrap; '' where there is none. */
  readonly bootstrap: string;
  /** `http://HOST:PORT` of the one server to send everything to, in a laboratory; '' as a rule. */
  readonly server: string;
  readonly log: LogLevel;
  /** UDP port for notifications (Package#0); 0: none. */
  readonly port: number;
  /** Bounds by name, as in src/limits.ts, time limits among them. */
  readonly limits: Readonly<Record<string, number>>;
  /** Values by name, as in src/hal/identity.ts. */
  readonly identity: Readonly<Record<string, string>>;
  readonly flash: FlashDoors;
}

/** The settings, with what a command line says in their place: `mcconfig -m dmlet.server=http://192.0.2.1:8462`. */
export function settingsOf(config: Config): Settings {
  const settings = config.dmlet;
  return {
    bootstrap: settings.bootstrap,
    server: config['dmlet.server'] ?? settings.server,
    log: Number(config['dmlet.log'] ?? settings.log),
    port: Number(config['dmlet.port'] ?? settings.port),
    limits: settings.limits,
    identity: settings.identity,
    flash: settings.flash,
  };
}
