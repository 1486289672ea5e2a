import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, DEVINFO, MMS } from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';

// PROTOCOL.md CMD-1 to CMD-3, ST-400, ST-501, ST-4, §5, §6: what a client says of commands that it does not have, and of those that are malformed.
const test = suite('refused commands');

const HTTP = 'https://data.example/';
const NODE = `${MMS}//Name`;

/** A wrong number of parameters, or parameters of the wrong form. */
const MALFORMED: string[][] = [
  ['HGET'],
  ['HGET', NODE],
  ['HGET', 'ftp://data.example/'],
  ['HGET', 'data.example'],
  ['HGET', ''],
  ['HGET', HTTP, HTTP],
  ['HGET', HTTP, NODE, NODE],
  ['HGET', NODE, HTTP],
  ['GET'],
  ['GET', HTTP],
  ['GET', NODE, HTTP],
  ['DELETE'],
  ['DELETE', HTTP],
  ['DELETE', NODE, NODE],
  ['DEFAULT'],
  ['DEFAULT', HTTP],
  ['DEFAULT', MMS],
  ['DEFAULT', MMS, HTTP],
  ['DEFAULT', HTTP, HTTP],
  ['DEFAULT', HTTP, MMS, MMS],
  ['CONT'],
  ['CONT', MMS],
  ['CONT', HTTP, HTTP],
  ['HPUT', HTTP],
  ['HPOST', NODE, HTTP],
  ['EXEC', HTTP],
  ['SHOW', NODE],
  ['SUB', HTTP],
  ['UNSUB', HTTP],
];

test(
  'a wrong number or form of parameters: 400 [CMD-CONT CMD-DEFAULT CMD-DELETE CMD-GET CMD-HGET ST-400]',
  onStage(async (stage) => {
    const device = await stage.start();
    const codes = await device.codes(...MALFORMED);
    for (const [index, command] of MALFORMED.entries()) assert.is(codes[index], 400, JSON.stringify(command));
    assert.equal(stage.server.requests, []);
  }),
);

test(
  'what this device has no part for: SHOW without a browser is 501, EXEC without a handler 405',
  onStage(async (stage) => {
    const before = bootstrapWith({ mo: [{ ClientURI: `${MMS}//`, MOData: { MMS: { Name: 'x' } } }] });
    const device = await stage.start({ bootstrap: before });
    const { state } = device;
    const commands = [
      ['SHOW', HTTP],
      ['EXEC', NODE],
      ['EXEC', NODE, HTTP],
    ];
    assert.equal(await device.codes(...commands), [501, 405, 405]);
    assert.is(device.state, state);
  }),
);

test(
  'names of no standard: 501, whatever their parameters [ST-4 ST-501]',
  onStage(async (stage) => {
    const device = await stage.start();
    const names = [
      'ADD',
      'Get',
      'hget',
      'HGET ',
      ' GET',
      'GETX',
      'GE',
      '',
      'constructor',
      '__proto__',
      'D\u00c9FAULT',
      'EN\u0000D',
    ];
    const codes = await device.codes(...names.map((name) => [name, HTTP, NODE]), ...names.map((name) => [name]));
    assert.equal(
      codes,
      [...names, ...names].map(() => 501),
    );
  }),
);

/** ServerURIs that begin as one, and are none (PROTOCOL.md §6). */
const BAD_SERVER_URIS = [
  'http://',
  'https:///path',
  'http://?x',
  'http://data.example/a b',
  'http://data.example/\u00e9',
  'http://data.example/[MCC',
  'http://data.example/MCC]',
  'http://data.example/[]',
  'http://data.example/[mcc]',
  'http://data.example/[Nonsense]',
  'http://data.example/[IMSI]',
  'http://x[DevID].example/',
  'http://x[Man]@data.example/',
  'http://data.example/\n',
];

test(
  'a ServerURI that does not parse, or has a placeholder without meaning: 400 [PH-18 PH-19 ST-400]',
  onStage(async (stage) => {
    const device = await stage.start();
    const { state } = device;
    const defaults = await device.codes(...BAD_SERVER_URIS.map((uri) => ['DEFAULT', uri, MMS]));
    for (const [index, uri] of BAD_SERVER_URIS.entries()) assert.is(defaults[index], 400, `DEFAULT ${uri}`);
    const hgets = await device.codes(...BAD_SERVER_URIS.map((uri) => ['HGET', uri]));
    for (const [index, uri] of BAD_SERVER_URIS.entries()) assert.is(hgets[index], 400, `HGET ${uri}`);
    assert.is(device.state, state);
  }),
);

/** ClientURIs that do not parse (PROTOCOL.md §5). */
const BAD_CLIENT_URIS = [
  '',
  DEVINFO,
  '/m1/DevID',
  '*/m1/DevID',
  '(x)/m1/DevID',
  `${DEVINFO}//Dev//ID`,
  `${DEVINFO}//%zz`,
  `${DEVINFO}//%ff`,
  `${DEVINFO}/(x)/(x)`,
  `${DEVINFO}/(x)/?nv=(y)/DevID:1`,
  `${DEVINFO}/(x)/?nv=DevID:1`,
  `${DEVINFO}/(x)/?nv=(x):1`,
  `${DEVINFO}/(x)/?nv=(x)/a//b:1`,
];

test(
  'a ClientURI that does not parse: 400 [ST-400 URI-1 URI-24]',
  onStage(async (stage) => {
    const device = await stage.start();
    for (const name of ['GET', 'DELETE']) {
      const codes = await device.codes(...BAD_CLIENT_URIS.map((uri) => [name, uri]));
      for (const [index, uri] of BAD_CLIENT_URIS.entries()) assert.is(codes[index], 400, `${name} ${uri}`);
    }
    const codes = await device.codes(...BAD_CLIENT_URIS.map((uri) => ['HGET', `${stage.server.origin}/a`, uri]));
    for (const [index, uri] of BAD_CLIENT_URIS.entries()) assert.is(codes[index], 400, `HGET ${uri}`);
    assert.equal(stage.server.requests, []);
  }),
);

test.run();
