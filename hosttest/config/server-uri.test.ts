import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkServerUri, expandServerUri } from '../../src/config/server-uri.js';
import { limitsWith } from '../support/memory-device.js';
import { code } from '../support/thrown.js';

// PROTOCOL.md PH-1 to PH-18: ServerURIs and their placeholders.

const LIMITS = limitsWith({});

const VALUES: readonly (readonly [name: string, value: string])[] = [
  ['MCC', '262'],
  ['MNC', '01'],
  ['CMCC', '310'],
  ['CMNC', '410'],
  ['DevID', 'IMEI:493005100592800'],
  ['Man', 'Vendor & Sons'],
  ['Mod', 'a/b?c#d'],
  ['FwV', '1.0%'],
  ['SwV', '2.0'],
  ['HwV', 'h[w]'],
  ['Lang', 'de-DE'],
  ['MOID', 'urn:oma:mo:oma-mms:1.3'],
  ['IMSI', '262011234567890'],
  ['ICCID', '8949'],
];

const values = {
  placeholder: (name: string): string => VALUES.find((entry) => entry[0] === name)?.[1] ?? '',
};

function expand(uri: string, allowPersonal = false): string {
  const expanded = expandServerUri(uri, values, allowPersonal, LIMITS);
  checkServerUri(uri, allowPersonal, LIMITS);
  return expanded;
}

/** Both ways of looking at a ServerURI refuse it. */
function refused(uri: string, expected: string): void {
  assert.throws(() => expandServerUri(uri, values, false, LIMITS), code(expected), uri);
  assert.throws(() => checkServerUri(uri, false, LIMITS), code(expected), uri);
}

const ENCODED: readonly (readonly [name: string, encoded: string])[] = [
  ['MCC', '262'],
  ['MNC', '01'],
  ['CMCC', '310'],
  ['CMNC', '410'],
  ['DevID', 'IMEI%3A493005100592800'],
  ['Man', 'Vendor%20%26%20Sons'],
  ['Mod', 'a%2Fb%3Fc%23d'],
  ['FwV', '1.0%25'],
  ['SwV', '2.0'],
  ['HwV', 'h%5Bw%5D'],
  ['Lang', 'de-DE'],
  ['MOID', 'urn%3Aoma%3Amo%3Aoma-mms%3A1.3'],
];

for (const [name, encoded] of ENCODED) {
  test(`[${name}] in path, query and fragment [PH-2 PH-3]`, () => {
    assert.is(expand(`https://h.example/a/[${name}]/b`), `https://h.example/a/${encoded}/b`);
    assert.is(expand(`https://h.example/?x=[${name}]&y=z`), `https://h.example/?x=${encoded}&y=z`);
    assert.is(expand(`http://h.example?[${name}]`), `http://h.example?${encoded}`);
    assert.is(expand(`http://h.example/#[${name}]`), `http://h.example/#${encoded}`);
  });
}

test('several placeholders, side by side and again [PH-2]', () => {
  assert.is(
    expand('https://prov.example/Settings/[MCC]/[MNC]/MMS?d=[DevID][MCC][MCC]'),
    'https://prov.example/Settings/262/01/MMS?d=IMEI%3A493005100592800262262',
  );
});

test('a URI without placeholders stays as it is', () => {
  for (const uri of [
    'http://h',
    'http://h/',
    'HTTPS://User:pass@H.example:8443/a%20b/?c=d&e=(f)*!~#g',
    'hTTp://h.example/a//b/../c',
    'https://h.example/100%25/%5BMCC%5D',
  ]) {
    assert.is(expand(uri), uri);
  }
});

test('values are not expanded again', () => {
  const again = { placeholder: () => '[MCC]' };
  assert.is(expandServerUri('http://h/[Man]', again, false, LIMITS), 'http://h/%5BMCC%5D');
});

test('values with characters beyond ASCII are percent-encoded as UTF-8 [PH-3]', () => {
  const far = { placeholder: () => 'caf\u00e9 \u{1f600}' };
  assert.is(expandServerUri('http://h/[Man]', far, false, LIMITS), 'http://h/caf%C3%A9%20%F0%9F%98%80');
});

test('the four network names are replaced in the authority [PH-5]', () => {
  assert.is(expand('https://cfg.mnc[MNC].mcc[MCC].pub.example/'), 'https://cfg.mnc01.mcc262.pub.example/');
  assert.is(expand('https://c[CMNC].c[CMCC].example:80[MNC]/x'), 'https://c410.c310.example:8001/x');
  assert.is(expand('https://u[MCC]@h.example/'), 'https://u262@h.example/');
});

test('other names are refused in the authority [PH-5]', () => {
  for (const [name] of ENCODED) {
    if (!name.endsWith('MCC') && !name.endsWith('MNC')) refused(`https://a.[${name}].example/`, 'BAD_URI');
  }
  assert.throws(() => expand('https://a.[IMSI].example/', true), code('BAD_URI'));
});

test('brackets behind // and @ are an IPv6 literal [PH-4]', () => {
  for (const uri of [
    'https://[::1]/',
    'https://[2001:db8::7]:8443/path',
    'https://user:pass@[fe80::1]/',
    'https://[::ffff:1.2.3.4]',
  ]) {
    assert.is(expand(uri), uri);
  }
  for (const uri of ['https://[MCC]/', 'http://u@[MNC]/']) refused(uri, 'BAD_URI');
  assert.is(expand('https://[::1]:80/[MCC]/[DevID]'), 'https://[::1]:80/262/IMEI%3A493005100592800');
  assert.is(expand('https://u[MCC]@[::1]/'), 'https://u262@[::1]/');
});

test('brackets behind // and @ in the path are no IPv6 literal [PH-4]', () => {
  assert.is(expand('https://h.example//[MCC]'), 'https://h.example//262');
  assert.is(expand('https://h.example/u@[MCC]'), 'https://h.example/u@262');
  refused('https://h.example//[::1]', 'UNKNOWN_PLACEHOLDER');
  refused('https://h.example/u@[::1]', 'UNKNOWN_PLACEHOLDER');
});

test('unknown names are refused', () => {
  for (const name of [
    '',
    'mcc',
    'Mcc',
    'DevType',
    'OEM',
    'DmV',
    'SrvID',
    'x',
    '[MCC',
    'constructor',
    '::1',
    'MCC,MNC',
  ]) {
    refused(`https://h.example/[${name}]`, 'UNKNOWN_PLACEHOLDER');
  }
  refused('https://a.[x].example/', 'UNKNOWN_PLACEHOLDER');
});

test('personal names are known only where they are allowed [PH-17]', () => {
  for (const name of ['IMSI', 'ICCID']) {
    refused(`https://h.example/[${name}]`, 'UNKNOWN_PLACEHOLDER');
    assert.is(expand(`https://h.example/[${name}]`, true), `https://h.example/${values.placeholder(name)}`);
  }
});

test('a value that is not known now is an error of its own, and none when the URI is only stored', () => {
  const none = { placeholder: (name: string) => (name === 'MCC' ? '262' : '') };
  for (const uri of ['https://h.example/[MCC]/[MNC]', 'https://m[MNC].example/', 'https://h.example/[DevID]']) {
    assert.throws(() => expandServerUri(uri, none, false, LIMITS), code('NO_VALUE'), uri);
    checkServerUri(uri, false, LIMITS);
  }
  assert.is(expandServerUri('https://h.example/[MCC]', none, false, LIMITS), 'https://h.example/262');
});

test('an unknown name is told before a missing value', () => {
  const none = { placeholder: () => '' };
  assert.throws(() => expandServerUri('https://h.example/[x]/[MCC]', none, false, LIMITS), code('UNKNOWN_PLACEHOLDER'));
});

test('brackets must pair', () => {
  for (const uri of [
    'https://h.example/[MCC',
    'https://h.example/MCC]',
    'https://h.example/]MCC[',
    'https://h.example/[MCC]/[',
    'https://h.example/[MCC]/]',
    'https://h.example/]/[MCC]',
    'https://h.example/a]b[MCC]c',
    'https://[::1/',
    'https://::1]/',
  ]) {
    refused(uri, 'BAD_URI');
  }
});

test('only absolute http and https URIs with a host are taken [PH-1]', () => {
  for (const uri of [
    '',
    'h.example',
    '/path',
    '//h.example/',
    'ftp://h.example/',
    'https:/h.example/',
    'https:h.example',
    'https://',
    'http:///path',
    'http://?x',
    'http://#x',
    'httpss://h.example/',
    ' http://h.example/',
    'urn:oma:mo:oma-mms:1.3',
  ]) {
    refused(uri, 'BAD_URI');
  }
});

test('characters that no URI has are refused', () => {
  for (const character of [
    ' ',
    '\t',
    '\n',
    '\r',
    '\u0000',
    '\u001f',
    '\u007f',
    '\u0080',
    '\u00e9',
    '\u20ac',
    '\ud800',
  ]) {
    refused(`https://h.example/a${character}b`, 'BAD_URI');
    refused(`https://h.example/a[MCC]${character}`, 'BAD_URI');
  }
  refused('https://h.example/[M CC]', 'BAD_URI');
});

test('a URI may be as long as the limit, before and behind its placeholders', () => {
  const limits = limitsWith({ uri: 40 });
  const head = 'https://h.example/';
  const longest = head + 'x'.repeat(40 - head.length);
  checkServerUri(longest, false, limits);
  assert.is(expandServerUri(longest, values, false, limits), longest);
  assert.throws(() => checkServerUri(`${longest}x`, false, limits), code('TOO_LONG'));
  assert.throws(() => expandServerUri(`${longest}x`, values, false, limits), code('TOO_LONG'));
  checkServerUri(`${head}x[DevID]`, false, limits);
  assert.throws(() => expandServerUri(`${head}x[DevID]`, values, false, limits), code('TOO_LONG'));
  assert.is(expandServerUri(`${head}[CMCC]${'x'.repeat(19)}`, values, false, limits).length, 40);
});

test.run();
