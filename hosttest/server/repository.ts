import { type Answer, mergeHeaders, textAnswer } from './answer.js';
import { readCheckedJson } from './checked-json.js';
import type { Journal, ReceivedRequest } from './journal.js';
import { MO_TYPES, mediaType } from './media-types.js';
import { judgeMoData } from './mo-check.js';
import { MO_DATA_SCHEMA } from './package-schema.js';
import { makeReply, type Reply } from './reply.js';
import type { RequestRecord } from './request-record.js';
import { parseTarget } from './request-target.js';
import { makeResource, matchesTag, type Resource, replaceBody, takeFault, takeUploadStatus } from './resource.js';
import { checkOf } from './schema.js';
import type { ResourceHandler, ResourceScript } from './script-types.js';

/** As much of a request body as is kept. */
export const MAX_UPLOAD = 1024 * 1024;

const checkMoData = checkOf(MO_DATA_SCHEMA);

/** A request that breaks the protocol, and how it is answered. */
interface Refusal {
  readonly status: number;
  readonly text: string;
}

/** The Data Repository: documents by path, and what devices put there. */
export class Repository {
  private readonly resources = new Map<string, Resource | ResourceHandler>();

  constructor(private readonly journal: Journal) {}

  /** @param resource a checked script with its `{origin}` replaced, or a handler. */
  set(path: string, resource: ResourceScript | ResourceHandler): void {
    this.resources.set(keyOf(path), typeof resource === 'function' ? resource : makeResource(resource));
  }

  remove(path: string): void {
    this.resources.delete(keyOf(path));
  }

  /** @returns the handler that answers requests to this target by itself, if there is one. */
  handlerOf(target: string): ResourceHandler | undefined {
    const found = this.find(target);
    return typeof found === 'function' ? found : undefined;
  }

  /** @param request one that no handler answers. */
  receive(request: RequestRecord): Reply {
    const found = this.find(request.path);
    const resource = typeof found === 'function' ? undefined : found;
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return makeReply(contentAnswer(resource, request.headers['if-none-match']), takeFault(resource));
      case 'PUT':
      case 'POST':
        return this.receiveUpload(request, resource);
      default:
        return { answer: textAnswer(405, `no ${request.method} here`, { Allow: 'GET, HEAD, PUT, POST' }) };
    }
  }

  private receiveUpload(request: RequestRecord, resource: Resource | undefined): Reply {
    const { method, path, headers, body } = request;
    const refusal = judgeUpload(request);
    if (refusal) {
      this.journal.addViolation(`${method} to ${path}: ${refusal.text}`);
      return { answer: textAnswer(refusal.status, refusal.text) };
    }
    if (isWhole(request)) request.brought(JSON.parse(body.toString()));
    if (resource?.accept && !resource.accept.includes(mediaType(headers['content-type']))) {
      return { answer: textAnswer(415, `expected ${resource.accept.join(' or ')}`, resource.headers) };
    }
    const usual = method === 'PUT' && !this.resources.has(keyOf(path)) ? 201 : 204;
    const status = takeUploadStatus(resource) ?? usual;
    const reply = makeReply({ status, headers: resource?.headers ?? {}, body: Buffer.alloc(0) }, takeFault(resource));
    const isKept = method === 'PUT' && reply.answer.status < 300 && isWhole(request);
    if (isKept) this.resources.set(keyOf(path), replaceBody(resource, body, String(headers['content-type'])));
    return reply;
  }

  private find(target: string): Resource | ResourceHandler | undefined {
    return this.resources.get(keyOf(target)) ?? this.resources.get(parseTarget(target).path);
  }
}

function keyOf(target: string): string {
  const { path, query } = parseTarget(target);
  return path + query;
}

function contentAnswer(resource: Resource | undefined, ifNoneMatch: string | undefined): Answer {
  if (!resource) return textAnswer(404, 'nothing here');
  const { answer, etag, headers } = resource;
  if (answer.status !== 200 || etag === null || !matchesTag(ifNoneMatch, etag)) return answer;
  return { status: 304, headers: mergeHeaders({ ETag: etag }, headers), body: Buffer.alloc(0) };
}

/** A body longer than what is kept is not judged by its content. */
function judgeUpload(request: ReceivedRequest): Refusal | undefined {
  const type = request.headers['content-type'];
  if (!MO_TYPES.includes(mediaType(type))) {
    return { status: 415, text: `Content-Type is ${type ?? 'missing'}, expected ${MO_TYPES.join(' or ')}` };
  }
  if (request.headers['content-length'] === undefined) return { status: 411, text: 'Content-Length is missing' };
  const violation = isWhole(request) ? judgeBody(request) : undefined;
  return violation === undefined ? undefined : { status: 400, text: violation };
}

function judgeBody({ method, body }: ReceivedRequest): string | undefined {
  const { value, violation } = readCheckedJson(body, checkMoData);
  if (violation !== undefined) return violation;
  if (method === 'POST' && (value as unknown[]).length === 0) return 'the body has no element';
  const wrong = judgeMoData(value);
  return wrong && `the body is no MO data: ${wrong}`;
}

function isWhole({ body, bodyLength }: ReceivedRequest): boolean {
  return body.length === bodyLength;
}
