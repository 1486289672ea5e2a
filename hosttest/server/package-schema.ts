const uri = { type: 'string', minLength: 1 };
const text = { type: 'string' };

const alerts = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      AlertType: uri,
      SourceURI: uri,
      TargetURI: uri,
      Mark: { enum: ['fatal', 'critical', 'minor', 'warning', 'informational', 'harmless', 'indeterminate'] },
      DataType: text,
      Data: {},
    },
    required: ['AlertType'],
    additionalProperties: false,
  },
};

/** A node of MO data: an object is an interior node, anything else a leaf (PROTOCOL.md §7). */
const node = {
  type: ['string', 'number', 'boolean', 'null', 'object'],
  propertyNames: { minLength: 1 },
  additionalProperties: { $ref: '#/$defs/node' },
};

const moData = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      DDF: uri,
      ClientURI: uri,
      CV: uri,
      MOData: { $ref: '#/$defs/node', type: 'object', minProperties: 1, maxProperties: 1 },
    },
    required: ['ClientURI', 'MOData'],
    additionalProperties: false,
  },
};

/** Package#1 (PROTOCOL.md §4, §8). */
export const INITIATION_SCHEMA = {
  type: 'object',
  properties: {
    MOS: {
      type: 'array',
      items: {
        type: 'object',
        properties: { DDF: uri, MOID: uri, MIID: { type: 'array', items: { type: 'string', minLength: 1 } } },
        required: ['MIID'],
        additionalProperties: false,
      },
    },
    Alert: { ...alerts, minItems: 1 },
  },
  required: ['Alert'],
  additionalProperties: false,
};

/** Package#3 (PROTOCOL.md §4). */
export const RESPONSE_SCHEMA = {
  type: 'object',
  properties: {
    Status: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          sc: { type: 'integer', minimum: 100, maximum: 599 },
          URI: { type: 'array', items: uri },
          Data: moData,
        },
        required: ['sc'],
        additionalProperties: false,
      },
    },
    Alert: alerts,
  },
  required: ['Status'],
  additionalProperties: false,
  $defs: { node },
};

/** MO data as a client sends it to a Data Repository (PROTOCOL.md §7); the report of a SUB may have lost all its elements. */
export const MO_DATA_SCHEMA = { ...moData, $defs: { node } };
