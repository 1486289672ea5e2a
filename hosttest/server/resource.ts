import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Answer, mergeHeaders, textAnswer, typedHeaders } from './answer.js';
import type { Fault } from './fault.js';
import { MO } from './media-types.js';
import type { ResourceScript } from './script-types.js';

/** A resource of the repository, ready to be served. */
export interface Resource {
  /** The answer to an unconditional GET. */
  readonly answer: Answer;
  readonly etag: string | null;
  /** Headers of the script, which go with every answer. */
  readonly headers: Record<string, string>;
  readonly fault?: Fault;
  /** Requests that still meet the fault. */
  faultsLeft: number;
  /** Media types that an upload may have; any where undefined. */
  readonly accept?: readonly string[];
  /** Statuses of the uploads to come; the last one stays. */
  uploadStatuses: readonly number[];
}

/** @param script checked, its `{origin}` replaced. */
export function makeResource(script: ResourceScript): Resource {
  const { type = MO, fault, faultTimes = Number.POSITIVE_INFINITY, accept, uploadStatuses = [] } = script;
  const headers = mergeHeaders(accept ? { 'OMADM-Accept': accept.join(', ') } : {}, script.headers ?? {});
  const common = { headers, fault, faultsLeft: faultTimes, accept, uploadStatuses };
  if (isForUploads(script)) return { ...common, answer: textAnswer(404, 'nothing here yet', headers), etag: null };
  const body = bodyOf(script);
  const etag = script.etag === undefined ? etagOf(body) : script.etag;
  const tagged = etag === null ? headers : mergeHeaders({ ETag: etag }, headers);
  return { ...common, answer: { status: script.status ?? 200, headers: typedHeaders(type, tagged), body }, etag };
}

/** What a PUT leaves: the new body, under the headers and the fault of the resource that was there. */
export function replaceBody(old: Resource | undefined, body: Buffer, type: string): Resource {
  const etag = etagOf(body);
  const headers = old?.headers ?? {};
  const answer = { status: 200, headers: typedHeaders(type, mergeHeaders({ ETag: etag }, headers)), body };
  return { faultsLeft: 0, uploadStatuses: [], ...old, answer, etag, headers };
}

/** Counts an upload. @returns the status that the script has for it, if any. */
export function takeUploadStatus(resource: Resource | undefined): number | undefined {
  const [status, ...later] = resource?.uploadStatuses ?? [];
  if (resource && later.length > 0) resource.uploadStatuses = later;
  return status;
}

/** Counts a request. @returns the fault that it meets, if any. */
export function takeFault(resource: Resource | undefined): Fault | undefined {
  if (!resource || resource.faultsLeft <= 0) return undefined;
  resource.faultsLeft--;
  return resource.fault;
}

/** Whether an `If-None-Match` header holds the tag; weak comparison, as for every GET. */
export function matchesTag(header: string | undefined, etag: string | null): boolean {
  if (header === undefined || etag === null) return false;
  const tags = header.split(',').map((tag) => tag.trim());
  return tags.includes('*') || tags.some((tag) => opaque(tag) === opaque(etag));
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, '');
}

function isForUploads({ document, text, file, status, fault }: ResourceScript): boolean {
  return [document, text, file, status, fault].every((member) => member === undefined);
}

function bodyOf({ document, text, file }: ResourceScript): Buffer {
  if (file !== undefined) return readFileSync(file);
  return Buffer.from(text ?? JSON.stringify(document) ?? '');
}

function etagOf(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
}
