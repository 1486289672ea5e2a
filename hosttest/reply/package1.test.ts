import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Account, accountsOf, permits } from '../../src/access/accounts.js';
import { AccountGate } from '../../src/access/gates.js';
import { openRights } from '../../src/access/rights.js';
import { BodyWriter } from '../../src/bytes/body-writer.js';
import { alertJson } from '../../src/config/alerts.js';
import { MosList } from '../../src/reply/mos-list.js';
import { ALERT_BOOTSTRAP_COMPLETE, ALERT_CLIENT_INITIATED, Package } from '../../src/reply/package.js';
import { MemoryDevice } from '../support/memory-device.js';
import { buildNode, type Plain } from '../support/tree-text.js';
import { utf8 } from '../support/utf8.js';
import { written, writtenBytes } from '../support/written.js';

// PROTOCOL.md PKG1-2, PKG1-4 to PKG1-8: Package#1.

const ACCOUNT = 'urn:oma:mo:oma-dm-dmacc:1.2';
const MMS = 'urn:oma:mo:oma-mms:1.3';
const NAP = 'urn:oma:mo:oma-connmo-nap:1.0';

class Fixture {
  readonly device = new MemoryDevice().device;
  readonly tree = this.device.tree;

  add(moid: string, miid: string, value: Plain): void {
    this.tree.addInstance(moid, miid, buildNode(this.tree, 'Root', value));
  }

  account(): Account {
    return accountsOf(this.device)[0];
  }

  source(withMos: boolean, alert = ALERT_CLIENT_INITIATED): Package {
    const mos = withMos ? new MosList(this.device, new AccountGate(this.device, 'srv')) : undefined;
    return new Package('MOS', mos, [alertJson({ type: alert })]);
  }
}

function withPerm(...moids: string[]): Fixture {
  const fixture = new Fixture();
  const perm: { [name: string]: Plain } = {};
  moids.forEach((moid, i) => {
    perm[`p${i}`] = { MOID: moid };
  });
  fixture.add(ACCOUNT, 'm1', { SrvID: 'srv', SrvURI: 'https://dm.example/', Perm: perm });
  openRights(fixture.device);
  return fixture;
}

test('an alert and nothing else [PKG1-2]', () => {
  assert.is(written(withPerm(MMS).source(false)), '{"Alert":[{"AlertType":"urn:oma:at:dm:2.0:ClientInitiatedMgmt"}]}');
});

test('the alert is the one that was given', () => {
  const { Alert } = JSON.parse(written(withPerm().source(false, ALERT_BOOTSTRAP_COMPLETE)));
  assert.equal(Alert, [{ AlertType: 'urn:oma:at:dm:2.0:BootstrapComplete' }]);
  const odd = 'an "alert"\\\n';
  assert.equal(JSON.parse(written(withPerm().source(false, odd))).Alert, [{ AlertType: odd }]);
});

test('the MOs of the Perm list with their instances [PKG1-5 PKG1-7 PKG1-8]', () => {
  const fixture = withPerm(MMS, NAP);
  fixture.add(MMS, 'm1', {});
  fixture.add(MMS, 'odd "name"/\u00e9', {});
  fixture.add('urn:not-permitted', 'm1', {});
  assert.equal(JSON.parse(written(fixture.source(true))), {
    MOS: [
      { MOID: MMS, MIID: ['m1', 'odd "name"/\u00e9'] },
      { MOID: NAP, MIID: [] },
    ],
    Alert: [{ AlertType: ALERT_CLIENT_INITIATED }],
  });
});

test('an account without a Perm list has empty MOS [ACC-4 PKG1-9]', () => {
  const fixture = new Fixture();
  fixture.add(ACCOUNT, 'm1', { SrvID: 'srv', SrvURI: 'https://dm.example/' });
  assert.equal(JSON.parse(written(fixture.source(true))), { MOS: [], Alert: [{ AlertType: ALERT_CLIENT_INITIATED }] });
});

test('entries of the Perm list that name no MOID are left out', () => {
  const fixture = new Fixture();
  const perm = { p0: {}, p1: 'leaf', p2: { MOID: MMS }, p3: { MOID: { deep: 1 } } };
  fixture.add(ACCOUNT, 'm1', { SrvID: 'srv', SrvURI: 'https://dm.example/', Perm: perm });
  assert.equal(JSON.parse(written(fixture.source(true))).MOS, [{ MOID: MMS, MIID: [] }]);
  assert.not(permits(fixture.tree, fixture.account(), ''));
});

test('the root of the tree is no MO, whatever the Perm list says', () => {
  const fixture = withPerm(' ', '');
  const { MOS } = JSON.parse(written(fixture.source(true))) as { MOS?: { MIID: string[] }[] };
  assert.ok((MOS ?? []).every((entry) => entry.MIID.length === 0));
});

test('windows of any size give the same bytes, which measure counts', () => {
  const fixture = withPerm(MMS, NAP, ACCOUNT);
  fixture.add(MMS, 'm1', {});
  fixture.add(NAP, 'caf\u00e9', {});
  const source = fixture.source(true);
  const whole = writtenBytes(source);
  assert.is(new BodyWriter(utf8).measure(source), whole.length);
  for (let size = 1; size < whole.length + 2; size += 1) assert.equal(writtenBytes(source, size), whole, `${size}`);
});

test('what is written is what the tree holds at that time', () => {
  const fixture = withPerm(MMS);
  const source = fixture.source(true);
  assert.equal(JSON.parse(written(source)).MOS, [{ MOID: MMS, MIID: [] }]);
  fixture.add(MMS, 'm1', {});
  assert.equal(JSON.parse(written(source)).MOS, [{ MOID: MMS, MIID: ['m1'] }]);
});

test.run();
