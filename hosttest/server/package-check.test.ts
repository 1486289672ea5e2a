import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CLIENT_INITIATED, packageHeaders } from './loopback.js';
import { inspectPackage } from './package-check.js';

const INITIATION = 'application/vnd.oma.dm.initiation+json';
const REQUEST = 'application/vnd.oma.dm.request+json';
const RESPONSE = 'application/vnd.oma.dm.response+json';

type Headers = Record<string, string | undefined>;

function violations(number: 1 | 3, body: unknown, headers: Headers = {}): readonly string[] {
  const kept = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const lower = Object.entries({ ...packageHeaders(number), 'Content-Length': '1', ...headers });
  const all = Object.fromEntries(lower.map(([name, value]) => [name.toLowerCase(), value]));
  return inspectPackage('/dm', all, { kept, length: kept.length }).violations;
}

function accepts(number: 1 | 3, body: unknown): void {
  assert.equal(violations(number, body), []);
}

function refuses(number: 1 | 3, body: unknown, expected: string): void {
  assert.equal(violations(number, body), [expected]);
}

const WRONG = 'the body breaks its schema: ';
const good = { Alert: [CLIENT_INITIATED] };

test('takes every proper Package#1', () => {
  accepts(1, good);
  for (const alert of ['ServerInitiatedMgmt', 'BootstrapComplete']) {
    accepts(1, { Alert: [{ AlertType: `urn:oma:at:dm:2.0:${alert}`, Data: 7 }] });
  }
  const application = { AlertType: 'urn:x', SourceURI: 's', TargetURI: 't', Mark: 'minor', DataType: 'd', Data: {} };
  for (const Data of [0, '65535']) {
    accepts(1, { MOS: [], Alert: [{ AlertType: 'urn:oma:at:dm:2.0:ServerInitiatedMgmt', Data }] });
  }
  accepts(1, { MOS: [{ DDF: 'http://x', MOID: 'urn:a', MIID: ['m1', 'm2'] }, { MIID: [] }], ...good });
  accepts(1, { Alert: [CLIENT_INITIATED, application, { AlertType: 'urn:y' }] });
});

test('refuses a Package#1 that breaks the schema', () => {
  refuses(1, [], `${WRONG}expected object`);
  refuses(1, { MOS: [] }, `${WRONG}member "Alert" is missing`);
  refuses(1, { ...good, CMD: [] }, `${WRONG}unknown member "CMD"`);
  refuses(1, { ...good, MOS: [{ MOID: 'urn:a' }] }, `${WRONG}/MOS/0: member "MIID" is missing`);
  refuses(1, { ...good, MOS: [{ MIID: ['m'], moid: 'x' }] }, `${WRONG}/MOS/0: unknown member "moid"`);
  refuses(1, { ...good, MOS: [{ MIID: 'm' }] }, `${WRONG}/MOS/0/MIID: expected array`);
  refuses(
    1,
    { ...good, MOS: [{ MIID: ['m', 'm'] }] },
    `${WRONG}/MOS/0/MIID: must NOT have duplicate items (items ## 1 and 0 are identical)`,
  );
  refuses(
    1,
    { Alert: [{ ...CLIENT_INITIATED, Mark: 'severe' }] },
    `${WRONG}/Alert/0/Mark: expected one of fatal, critical, minor, warning, informational, harmless, indeterminate`,
  );
  refuses(1, { Alert: [{ Data: 1 }] }, `${WRONG}/Alert/0: member "AlertType" is missing`);
  refuses(1, { Alert: [{ ...CLIENT_INITIATED, Text: 1 }] }, `${WRONG}/Alert/0: unknown member "Text"`);
});

test('wants exactly one session alert, first', () => {
  const other = { AlertType: 'urn:x' };
  refuses(1, { Alert: [other] }, 'a Package#1 has exactly one session alert, this one 0');
  refuses(1, { Alert: [CLIENT_INITIATED, CLIENT_INITIATED] }, 'a Package#1 has exactly one session alert, this one 2');
  refuses(1, { Alert: [other, CLIENT_INITIATED] }, 'the session alert is not the first alert');
  refuses(3, { Status: [], ...good }, 'a Package#3 has no session alert');
});

test('wants the id of a notification in its alert', () => {
  for (const Data of [-1, 65536, '', 'x', {}, 1.5]) {
    const alert = { AlertType: 'urn:oma:at:dm:2.0:ServerInitiatedMgmt', Data };
    refuses(1, { Alert: [alert] }, '/Alert/0/Data: expected a NOTIFICATION-ID');
  }
});

test('wants to know of what a result is, and what it is', () => {
  const result = { AlertType: 'urn:dmlet:at:exec-result:1.0', SourceURI: 'urn:a/m/Run' };
  for (const data of [{ DataType: 'int', Data: '200' }, { DataType: 'chr', Data: 'done' }, { Data: '' }]) {
    accepts(3, { Status: [], Alert: [{ ...result, ...data }] });
    accepts(1, { Alert: [CLIENT_INITIATED, { ...result, ...data }] });
  }
  refuses(3, { Status: [], Alert: [result] }, '/Alert/0: a result needs SourceURI and Data');
  const nameless = { ...result, SourceURI: undefined, Data: '200' };
  refuses(1, { Alert: [CLIENT_INITIATED, nameless] }, '/Alert/1: a result needs SourceURI and Data');
  for (const Data of ['', '2000', 'ok']) {
    refuses(3, { Status: [], Alert: [{ ...result, DataType: 'int', Data }] }, '/Alert/0/Data: expected a status');
  }
});

const element = { ClientURI: 'urn:a/m/', MOData: { A: { B: { C: 1, D: '', E: null, F: true }, G: {} } } };

test('takes every proper Package#3', () => {
  accepts(3, { Status: [] });
  accepts(3, { Status: [{ sc: 200 }, { sc: 200, URI: ['urn:a/m/'] }], Alert: [{ AlertType: 'urn:x' }] });
  accepts(3, { Status: [{ sc: 200, Data: [element, { ...element, DDF: 'http://x', CV: '1' }] }] });
  const below = { ClientURI: 'urn:a/m/X%20Y/A%2FB/', MOData: { 'A/B': { C: 1 } } };
  accepts(3, { Status: [{ sc: 200, Data: [below] }, { sc: 304 }, { sc: 204 }, { sc: 202 }] });
});

test('refuses a Package#3 that breaks the schema', () => {
  const withData = (change: object) => ({ Status: [{ sc: 200, Data: [{ ...element, ...change }] }] });
  refuses(3, {}, `${WRONG}member "Status" is missing`);
  refuses(3, { Status: [{}] }, `${WRONG}/Status/0: member "sc" is missing`);
  refuses(3, { Status: [{ sc: '200' }] }, `${WRONG}/Status/0/sc: expected integer`);
  refuses(3, { Status: [{ sc: 200.5 }] }, `${WRONG}/Status/0/sc: expected integer`);
  refuses(3, { Status: [{ sc: 0 }] }, `${WRONG}/Status/0/sc: must be >= 100`);
  refuses(3, { Status: [{ sc: 200, uri: [] }] }, `${WRONG}/Status/0: unknown member "uri"`);
  refuses(3, { Status: [{ sc: 200, URI: [1] }] }, `${WRONG}/Status/0/URI/0: expected string`);
  refuses(3, { Status: [], CMD: [] }, `${WRONG}unknown member "CMD"`);
  refuses(3, withData({ MOData: undefined }), `${WRONG}/Status/0/Data/0: member "MOData" is missing`);
  refuses(3, withData({ MOData: 5 }), `${WRONG}/Status/0/Data/0/MOData: expected object`);
  refuses(
    3,
    withData({ MOData: { A: [1] } }),
    `${WRONG}/Status/0/Data/0/MOData/A: expected string or number or boolean or null or object`,
  );
  refuses(
    3,
    withData({ MOData: { A: 1, B: 2 } }),
    `${WRONG}/Status/0/Data/0/MOData: must NOT have more than 1 properties`,
  );
  refuses(3, withData({ ClientURI: undefined }), `${WRONG}/Status/0/Data/0: member "ClientURI" is missing`);
  const inData = '/Status/0/Data/0';
  refuses(3, withData({ ClientURI: 'urn:a' }), `${inData}/ClientURI: expected MOID/MIID/path`);
  refuses(3, withData({ ClientURI: 'urn:a/m/?cv=1' }), `${inData}/ClientURI: expected MOID/MIID/path`);
  refuses(3, withData({ ClientURI: 'urn:a/m/A/toString' }), `${inData}/MOData: expected the member "toString"`);
  refuses(3, withData({ ClientURI: 'urn:a/m/%A', CV: '1' }), `${inData}/CV: only an MO root has one`);
  refuses(3, withData({ ClientURI: 'urn:a/m/%A' }), `${inData}/MOData: expected the member "%A"`);
  refuses(3, { Status: [{ sc: 200, Data: [] }] }, `${WRONG}/Status/0/Data: must NOT have fewer than 1 items`);
  for (const URI of ['urn:a', 'urn:a//', 'urn:a/m/?x']) {
    refuses(3, { Status: [{ sc: 200, URI: [URI] }] }, `${WRONG}/Status/0/URI/0: expected MOID/MIID/path`);
  }
  refuses(3, withData({ Cv: '1' }), `${WRONG}/Status/0/Data/0: unknown member "Cv"`);
});

test('refuses what is not JSON in UTF-8', () => {
  refuses(1, '{"Alert":}', 'the body is not JSON: line 1, column 10: expected a value, found "}"');
  refuses(1, '', 'the body is not JSON: line 1, column 1: expected a value, found the end');
  refuses(1, Buffer.from([0x22, 0xc3, 0x22]), 'the body is not UTF-8');
  refuses(
    1,
    `\ufeff${JSON.stringify(good)}`,
    'the body is not JSON: line 1, column 1: expected a value, found "\ufeff"',
  );
  refuses(3, '{"Status":[],"Status":[]}', 'the body has the member "Status" twice');
  const deep = `${'{"A":'.repeat(70)}1${'}'.repeat(70)}`;
  refuses(3, `{"Status":[{"sc":200,"Data":${deep}}]}`, 'the body is nested deeper than 64 levels');
});

test('checks the header', () => {
  const check = (number: 1 | 3, headers: Headers) => violations(number, number === 1 ? good : { Status: [] }, headers);
  assert.equal(check(1, { 'Content-Type': `${INITIATION}; charset=utf-8` }), [
    `Content-Type is ${INITIATION}; charset=utf-8, expected ${INITIATION}`,
  ]);
  assert.equal(check(3, { 'Content-Type': undefined }), [`Content-Type is missing, expected ${RESPONSE}`]);
  assert.equal(check(3, { 'Content-Type': 'application/json' }), [
    `Content-Type is application/json, expected ${RESPONSE}`,
  ]);
  assert.equal(check(1, { 'Content-Type': 'text/plain' }), [`Content-Type is text/plain, expected ${INITIATION}`]);
  assert.equal(check(1, { 'OMADM-DevID': undefined }), ['OMADM-DevID is missing']);
  assert.equal(check(1, { 'Content-Length': undefined }), ['Content-Length is missing']);
  for (const accept of [undefined, '*/*', 'application/json', `${REQUEST};q=0`, `${REQUEST}; q=0.00`]) {
    assert.equal(check(1, { Accept: accept }), [`Accept does not name ${REQUEST}`]);
  }
  assert.equal(check(1, { Accept: `application/json;q=0.5, ${REQUEST};q=0.01` }), []);
});

test('tells all that is wrong at once', () => {
  assert.is(violations(1, 'x', { Accept: undefined, 'OMADM-DevID': undefined }).length, 3);
});

test('says where the body is too long', () => {
  const headers = { 'content-type': RESPONSE, accept: REQUEST, 'omadm-devid': 'd', 'content-length': '9' };
  const received = inspectPackage('/dm', headers, { kept: Buffer.from('{"Sta'), length: 9 });
  assert.equal(received.violations, ['the body is longer than 5 bytes']);
});

test.run();
