import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeStatus, type ReceivedStatus } from './status-check.js';

const REPOSITORY = 'http://x/';
const NODE = 'urn:a//';
const Data = [{ ClientURI: 'urn:a/m/', MOData: { A: 1 } }];
const URI = ['urn:a/m/'];

/** What each command may answer. */
const RIGHT: [command: unknown, statuses: ReceivedStatus[]][] = [
  [
    ['GET', NODE],
    [{ sc: 200, Data }, { sc: 204 }, { sc: 403 }, { sc: 404 }, { sc: 413 }],
  ],
  [
    ['GET', NODE, `${NODE}?cv=`],
    [{ sc: 200, Data }, { sc: 304 }],
  ],
  [['GET', `${NODE}(x)?nv=(x)/A:1&cv=2`], [{ sc: 304 }]],
  [
    ['HGET', REPOSITORY],
    [{ sc: 200, URI }, { sc: 200, URI: [] }, { sc: 304 }, { sc: 502 }],
  ],
  [
    ['HGET', REPOSITORY, NODE],
    [{ sc: 200 }, { sc: 404 }],
  ],
  [
    ['HPUT', REPOSITORY, NODE],
    [{ sc: 200 }, { sc: 204 }, { sc: 304 }, { sc: 415 }],
  ],
  [
    ['HPOST', REPOSITORY, NODE, NODE],
    [{ sc: 200 }, { sc: 204 }, { sc: 304 }],
  ],
  [
    ['EXEC', NODE],
    [{ sc: 200 }, { sc: 202 }, { sc: 405 }],
  ],
  [
    ['EXEC', NODE, REPOSITORY],
    [{ sc: 202 }, { sc: 404 }],
  ],
  [
    ['SHOW', REPOSITORY],
    [{ sc: 200 }, { sc: 501 }],
  ],
  [['SUB', REPOSITORY, NODE], [{ sc: 200 }]],
  [
    ['UNSUB', NODE],
    [{ sc: 200 }, { sc: 404 }],
  ],
  [[7], [{ sc: 400 }]],
  ['GET', [{ sc: 400 }]],
];

test('lets commands answer what they may', () => {
  for (const [command, statuses] of RIGHT) {
    for (const status of statuses)
      assert.is(judgeStatus(command, status), undefined, JSON.stringify([command, status]));
  }
});

const WRONG: [command: unknown, status: ReceivedStatus, text: string][] = [
  [['GET', NODE], { sc: 200 }, '200 without Data'],
  [['GET', NODE], { sc: 404, Data }, '404 with Data'],
  [['GET', NODE], { sc: 304 }, '304 for a command without cv'],
  [['GET', `${NODE}?nv=cv`], { sc: 304 }, '304 for a command without cv'],
  [['GET', NODE], { sc: 200, Data, URI }, '200 with URI'],
  [['HGET', REPOSITORY], { sc: 200 }, '200 without URI'],
  [['HGET', REPOSITORY], { sc: 413, URI }, '413 with URI'],
  [['HGET', REPOSITORY, NODE], { sc: 200, URI }, '200 with URI'],
  [['HGET', REPOSITORY], { sc: 204 }, '204 for a command that sends no data'],
  [['HPUT', REPOSITORY, NODE], { sc: 200, Data }, '200 with Data'],
  [['HPUT', REPOSITORY, NODE], { sc: 202 }, '202 for a command that has no result later'],
  [['EXEC', NODE, REPOSITORY], { sc: 200 }, '200 for an EXEC that is answered later'],
  [['DELETE', NODE], { sc: 204 }, '204 for a command that sends no data'],
  [['DELETE', `${NODE}?cv=1`], { sc: 304 }, '304 for a command without cv'],
  [['NONE'], { sc: 202 }, '202 for a command that has no result later'],
];

test('tells which statuses do not fit their command', () => {
  for (const [command, status, text] of WRONG) assert.is(judgeStatus(command, status), text, JSON.stringify(command));
});

test.run();
