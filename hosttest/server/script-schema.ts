import type { FaultKind, FaultParameters } from './fault.js';

const LONGEST_TIMER = 2 ** 31 - 1;
/** Room for any test; the header lines are written in one piece. */
const MOST_HEADER_LINES = 10_000;
const LONGEST_HEADER_LINE = 1_000_000;

const headerValue = {
  type: 'string',
  pattern: '^[\\t\\x20-\\x7e\\x80-\\xff]*$',
  description: 'text that can stand in an HTTP header',
};
const mediaType = {
  type: 'string',
  pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
  description: 'a media type',
};
const status = { type: 'integer', minimum: 200, maximum: 599 };
const time = { type: 'integer', minimum: 0, maximum: LONGEST_TIMER };
const size = { type: 'integer', minimum: 1 };
const offset = { type: 'integer', minimum: 0 };
const offsetOrHeader = { type: 'integer', minimum: -1 };

type ParameterSchemas = { readonly [K in FaultKind]: { readonly [P in keyof FaultParameters[K]]: object } };

const FAULT_PARAMETERS: ParameterSchemas = {
  delay: { ms: time },
  stall: { after: offsetOrHeader },
  close: { after: offsetOrHeader },
  length: { by: { type: 'integer' } },
  chunked: { size },
  status: { status, retryAfter: { ...headerValue, type: ['integer', 'string'], minimum: 0 } },
  redirect: { status: { type: 'integer', minimum: 300, maximum: 399 }, to: headerValue },
  type: { type: headerValue },
  broken: { at: offset, byte: { type: 'integer', minimum: 0, maximum: 255 } },
  truncated: { at: offset },
  drip: { bytes: size, interval: time },
  garbage: { text: { type: 'string' } },
  headers: {
    count: { type: 'integer', minimum: 0, maximum: MOST_HEADER_LINES },
    size: { type: 'integer', minimum: 0, maximum: LONGEST_HEADER_LINE },
  },
  noreason: {},
};

const OPTIONAL_PARAMETERS: readonly string[] = ['retryAfter', 'byte'];

const fault = {
  type: 'object',
  properties: { kind: { type: 'string' } },
  discriminator: { propertyName: 'kind' },
  required: ['kind'],
  oneOf: Object.entries(FAULT_PARAMETERS).map(([kind, parameters]) => ({
    properties: { kind: { const: kind }, ...parameters },
    required: Object.keys(parameters).filter((name) => !OPTIONAL_PARAMETERS.includes(name)),
    additionalProperties: false,
  })),
};

const http = {
  type: { ...headerValue, type: ['string', 'null'] },
  headers: {
    type: 'object',
    propertyNames: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", description: 'the name of an HTTP header' },
    additionalProperties: headerValue,
  },
  fault,
};

const commands = { type: 'array', items: { type: 'array', minItems: 1, items: { type: 'string' } } };

/** Told from the wrapped form by its `CMD`, which may stand beside anything. */
const isPlainPackage = { properties: { CMD: {} }, required: ['CMD'] };

const wrappedPackage = {
  properties: { ...http, package: {}, text: { type: 'string' } },
  additionalProperties: false,
};

export const SESSIONS_SCHEMA = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      devID: { type: 'string', minLength: 1 },
      server: { type: 'string' },
      packages: {
        type: 'array',
        items: { type: 'object', properties: { CMD: commands }, if: isPlainPackage, else: wrappedPackage },
      },
    },
    required: ['packages'],
    additionalProperties: false,
  },
};

export const RESOURCE_SCHEMA = {
  type: 'object',
  properties: {
    ...http,
    document: {},
    text: { type: 'string' },
    file: { type: 'string', minLength: 1 },
    etag: { ...headerValue, type: ['string', 'null'] },
    status,
    faultTimes: offset,
    accept: { type: 'array', minItems: 1, items: mediaType },
    uploadStatuses: { type: 'array', minItems: 1, items: status },
  },
  additionalProperties: false,
};

const credentials = {
  type: 'object',
  properties: {
    user: { type: 'string', pattern: '^[^:]*$', description: 'a name without a colon' },
    password: { type: 'string' },
  },
  required: ['user', 'password'],
  additionalProperties: false,
};

export const SCRIPT_SCHEMA = {
  type: 'object',
  properties: {
    sessions: SESSIONS_SCHEMA,
    repository: { type: 'object', additionalProperties: RESOURCE_SCHEMA },
    authentication: { type: 'object', additionalProperties: credentials },
  },
  additionalProperties: false,
};
