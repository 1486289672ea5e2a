import * as fc from 'fast-check';
import { ACCOUNT, FUMO, METER, MMS, NAP, ORIGIN } from '../device/fixture.js';
import { anyJson, jsonArray, jsonObject, jsonString, member, misplaced, scalar, utf8Bytes } from './json.js';
import { clientUri, moid, mostly, nodeName, oddText, serverUri } from './texts.js';

const LONG = ['x'.repeat(600), 'é'.repeat(2049), 'z'.repeat(4097)];

const leafValue = fc.oneof(
  { weight: 6, arbitrary: jsonString(fc.constantFrom('v', 'w', '')) },
  { weight: 6, arbitrary: fc.constantFrom('1', '-2.5', 'true', 'null') },
  { weight: 2, arbitrary: scalar },
  { weight: 1, arbitrary: jsonString(fc.constantFrom(...LONG)) },
);

/** The value of a node, as deep as `depth` levels. */
function nodeValue(depth: number): fc.Arbitrary<string> {
  if (depth === 0) return leafValue;
  const child = fc.tuple(nodeName, nodeValue(depth - 1));
  const children = mostly(
    fc.uniqueArray(child, { maxLength: 4, selector: ([name]) => name }),
    fc.array(child, { maxLength: 4 }),
  );
  return fc.oneof(
    { weight: 6, arbitrary: leafValue },
    {
      weight: 9,
      arbitrary: jsonObject(children.map((all) => all.map(([name, value]) => `${JSON.stringify(name)}:${value}`))),
    },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 1, max: 20 }).map((levels) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`),
    },
  );
}

/** The name of the MO root of each MOID. */
const ROOTS: Readonly<Record<string, string>> = {
  [MMS]: 'MMS',
  [NAP]: 'NAP',
  [FUMO]: 'FUMO',
  [METER]: 'Meter',
  [ACCOUNT]: 'DMAcc',
};

const object = (depth: number): fc.Arbitrary<string> =>
  jsonObject(
    fc
      .uniqueArray(fc.tuple(nodeName, nodeValue(depth)), { maxLength: 5, selector: ([name]) => name })
      .map((all) => all.map(([name, value]) => `${JSON.stringify(name)}:${value}`)),
  );

/** An address, and the value of its node under its own name. */
const addressed = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...Object.keys(ROOTS)), fc.constantFrom('', 'm', 'f', 't', 'n1'), object(2))
      .map(([type, miid, value]) => [`${type}/${miid}/`, `{"${ROOTS[type]}":${value}}`] as const),
  },
  { weight: 1, arbitrary: leafValue.map((value) => [`${FUMO}/f/Ext/a`, `{"a":${value}}`] as const) },
  { weight: 1, arbitrary: object(1).map((value) => [`${FUMO}/f/Ext/`, `{"Ext":${value}}`] as const) },
  { weight: 1, arbitrary: leafValue.map((value) => [`${METER}/t/Log/a`, `{"a":${value}}`] as const) },
);

const moData = fc
  .tuple(
    jsonString(mostly(fc.constantFrom(...Object.values(ROOTS), 'DevInfo', 'Name', 'Ext', 'a'), oddText)),
    nodeValue(3),
  )
  .map(([name, value]) => `{${name}:${value}}`);

const rootUri = fc.tuple(moid, fc.constantFrom('', 'm', 'f', 't', 'n1')).map(([type, miid]) => `${type}/${miid}/`);

const anyElement = jsonObject(
  fc
    .tuple(
      member('ClientURI', mostly(jsonString(fc.oneof(rootUri, clientUri)), misplaced)),
      member('MOData', mostly(moData, misplaced)),
      fc.array(
        fc.oneof(
          member('CV', jsonString(oddText)),
          member('DDF', jsonString(oddText)),
          member('More', anyJson(2)),
          member('MOData', moData),
          member('ClientURI', jsonString(rootUri)),
        ),
        { maxLength: 2 },
      ),
      fc.boolean(),
    )
    .map(([uri, data, more, isTurned]) => (isTurned ? [data, uri, ...more] : [uri, ...more, data])),
);

const properElement = fc.tuple(addressed, fc.nat(3), jsonString(oddText)).map(([[uri, data], order, validator]) => {
  const members = [`"ClientURI":"${uri}"`, `"MOData":${data}`];
  if (order > 1) members.reverse();
  if (order > 0) members.splice(1, 0, `"CV":${validator}`);
  return `{${members.join()}}`;
});

const element = fc.oneof({ weight: 4, arbitrary: properElement }, { weight: 1, arbitrary: anyElement });

/** An account as bootstraps bring it. */
const account = fc
  .tuple(
    mostly(fc.constantFrom('dm.example', 'second', 'third'), oddText),
    mostly(fc.constantFrom(`${ORIGIN}/dm`, `${ORIGIN}/dm3`), serverUri),
    fc.array(moid, { maxLength: 12 }),
    fc.constantFrom('op', 'two', 'three', ''),
  )
  .map(([srvId, srvUri, perm, miid]) =>
    JSON.stringify({
      ClientURI: `urn:oma:mo:oma-dm-dmacc:1.2/${miid}/`,
      MOData: {
        DMAcc: {
          SrvID: srvId,
          SrvURI: srvUri,
          Perm: Object.fromEntries(perm.map((type, index) => [String(index), { MOID: type }])),
        },
      },
    }),
  );

const devInfo = mostly(fc.constantFrom('IMEI:490154203237518', 'x'), oddText).map((devId) =>
  JSON.stringify({ ClientURI: 'urn:oma:mo:oma-dm-devinfo:1.2//', MOData: { DevInfo: { DevID: devId } } }),
);

/** MO documents as text. */
export const documentText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: jsonArray(element, 3) },
  { weight: 3, arbitrary: element },
  { weight: 1, arbitrary: anyJson(3) },
);

export const documentBytes: fc.Arbitrary<Uint8Array> = utf8Bytes(documentText);

const bootstrapCommand = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(serverUri, moid).map(([uri, type]) => ['DEFAULT', uri, type]) },
  { weight: 15, arbitrary: fc.tuple(serverUri, clientUri).map(([uri, target]) => ['HGET', uri, target]) },
  { weight: 5, arbitrary: serverUri.map((uri) => ['HGET', uri]) },
  { weight: 1, arbitrary: fc.array(oddText, { maxLength: 3 }) },
);

const jsonBootstrap = jsonObject(
  fc
    .tuple(
      member('MO', mostly(jsonArray(fc.oneof(account, account, devInfo, element), 4), misplaced)),
      fc.array(
        fc.oneof(
          member(
            'CMD',
            jsonArray(
              bootstrapCommand.map((command) => JSON.stringify(command)),
              4,
            ),
          ),
          member('CMD', misplaced),
          member('More', anyJson(2)),
        ),
        { maxLength: 2 },
      ),
    )
    .map(([mo, more]) => [mo, ...more]),
);

const textBootstrap = fc
  .tuple(
    fc.array(
      fc.oneof(
        bootstrapCommand.map((command) => command.join(' ')),
        oddText.map((text) => `# ${text}`),
        oddText,
      ),
      {
        maxLength: 6,
      },
    ),
    fc.constantFrom('\n', '\r\n', '\n\n', '\r'),
  )
  .map(([lines, end]) => lines.join(end) + end);

export const bootstrapBytes: fc.Arbitrary<Uint8Array> = utf8Bytes(
  fc.oneof({ weight: 4, arbitrary: jsonBootstrap }, { weight: 1, arbitrary: textBootstrap }),
);
