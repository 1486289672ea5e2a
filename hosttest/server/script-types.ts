import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './fault.js';

/**
 * What the reference server says, to whom, in which order. `{origin}` inside any string stands for the server's own
 * origin, `http://127.0.0.1:PORT`.
 */
export interface Script {
  sessions?: SessionScript[];
  /** Resources of the Data Repository by path; a path with a query matches that query only. */
  repository?: Record<string, ResourceScript>;
  /**
   * Paths that want Basic authentication, each with all below it, of the DM Server and of the repository. A request without the right
   * credentials gets 401; it is no violation, and no session and no fault of the script is used up by it.
   */
  authentication?: Record<string, Credentials>;
}

/** A name without a colon, and a password. */
export interface Credentials {
  user: string;
  password: string;
}

/** One session of a device: it follows the first entry that is open to it and that the device has not met yet. */
export interface SessionScript {
  /** The one device that this entry is for; for every device where left out. */
  devID?: string;
  /** The path of Package#1, which tells the DM Servers of a script apart: `/dm`, or below it. For every one where left out. */
  server?: string;
  /**
   * The j-th answers the device's j-th package; one sent again after a redirect counts again, unless the redirect leads
   * to itself, which holds it there for ever. After the last comes `{"CMD":[["END"]]}`.
   */
  packages: PackageScript[];
}

export type PackageScript = PlainPackage | WrappedPackage;

/** A Package#2 as it is sent, told from the wrapped form by its `CMD`; members beside `CMD` are sent along. */
export interface PlainPackage {
  CMD: string[][];
  [member: string]: unknown;
}

/** A Package#2 with what HTTP adds to it, or one that is no proper package. */
export interface WrappedPackage extends HttpScript {
  CMD?: never;
  /** Any JSON value. One of `package`, `text` and `fault` is required; the first two exclude each other. */
  package?: unknown;
  /** The body as it is sent, in UTF-8. */
  text?: string;
}

export interface ResourceScript extends HttpScript {
  /**
   * Any JSON value. One of `document`, `text`, `file`; none is needed with `status`, `fault`, `accept` or `uploadStatuses`. With one of the last
   * two alone there is nothing to get before something was put.
   */
  document?: unknown;
  /** The body as it is sent, in UTF-8. */
  text?: string;
  /** A file sent byte for byte, without replacing `{origin}`. Relative to the script's folder. */
  file?: string;
  /** The entity tag with its quotes, null for none; by default a hash of the body. */
  etag?: string | null;
  /** Status of the answer to GET, 200 by default. */
  status?: number;
  /** The fault goes away after that many requests; by default it stays. */
  faultTimes?: number;
  /**
   * Media types of the bodies that it takes, sent as `OMADM-Accept` with each answer. A PUT or POST of another type gets 415. By default every type
   * that MO data may have, and no header.
   */
  accept?: string[];
  /** Statuses of the answers to PUT and POST, one after another; the last one stays. By default 201 for what is new, else 204. */
  uploadStatuses?: number[];
}

interface HttpScript {
  /** Content type, null for none. By default the one that the protocol has for this body. */
  type?: string | null;
  headers?: Record<string, string>;
  fault?: Fault;
}

/** Answers every request to its path by itself. A body that it does not read is read for it; what it throws is not caught. */
export type ResourceHandler = (request: IncomingMessage, response: ServerResponse) => void;
