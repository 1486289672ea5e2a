import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ALL_REMAINS, FaultyFlash, type Remains } from '../support/faulty-flash.js';
import { changeSome, run, sameContent } from './power-cuts.js';
import { type Content, content, DOORS, open, payload, recordsNeeded } from './stored-objects.js';

for (const doors of DOORS) {
  const name = `${doors.keySize}/${doors.valueSize}`;
  const room = payload(doors);
  const whole = run(new FaultyFlash(doors), room);

  /** Calls `visit` with the flash that a cut at every operation of the script leaves, and how far it came. */
  const eachCut = (remains: Remains, visit: (flash: FaultyFlash, done: number, label: string) => void): number => {
    for (let at = 0; ; at += 1) {
      const flash = new FaultyFlash(doors);
      flash.cutAt = at;
      flash.remains = remains;
      const { states, isComplete } = run(flash, room);
      if (isComplete) return at;
      visit(flash.revived(), states.length - 1, `${remains} at ${at}`);
    }
  };

  const isBeforeOrAfter = (seen: Content, done: number): boolean =>
    sameContent(seen, whole.states[done]) || sameContent(seen, whole.states[done + 1]);

  test(`${name}: the script does what it says`, () => {
    assert.ok(whole.isComplete);
    assert.equal(
      whole.states.map((state) => [...state.keys()].join()),
      ['', '1,2,3', '1,2,3,4', '2,3,4', '1,3,5', '1,3,5'],
    );
  });

  for (const remains of ALL_REMAINS) {
    test(`${name}: a cut at every operation leaves the state wholly before or after, and the next transaction works (${remains})`, () => {
      const seen = { before: 0, after: 0 };
      const cuts = eachCut(remains, (flash, done, label) => {
        const store = open(flash);
        const found = content(store);
        assert.ok(isBeforeOrAfter(found, done), `${label}: ${JSON.stringify([...found])}`);
        if (sameContent(found, whole.states[done])) seen.before += 1;
        else seen.after += 1;
        changeSome(store, room);
        const now = content(store);
        assert.ok(now.size > 0 && !sameContent(now, found), label);
        assert.ok(sameContent(content(open(flash)), now), `${label}: after the next transaction`);
      });
      assert.ok(cuts > 60 && seen.before > 30 && seen.after > 10, JSON.stringify({ cuts, seen }));
    });

    test(`${name}: what a cut left over is gone after the next transaction (${remains})`, () => {
      eachCut(remains, (flash, _done, label) => {
        const store = open(flash);
        changeSome(store, room);
        assert.is(flash.values.size, recordsNeeded(store, doors), `${label}: ${[...flash.values.keys()].join(' ')}`);
      });
    });
  }

  test(`${name}: a second cut, at every operation of the next transaction, is survived too`, () => {
    let cuts = 0;
    for (const remains of ['old', 'new', 'torn'] as const) {
      eachCut(remains, (first, _done, label) => {
        const before = content(open(first));
        const healthy = first.revived();
        const store = open(healthy);
        changeSome(store, room);
        const after = content(store);
        for (let at = 0; at < healthy.operations; at += 1) {
          const second = first.revived();
          second.cutAt = at;
          second.remains = remains;
          try {
            changeSome(open(second), room);
          } catch {
            // It throws, but where the cut comes right behind the commit record: that the store finds written.
          }
          const flash = second.revived();
          const found = content(open(flash));
          const where = `${label}, then at ${at}`;
          assert.ok(sameContent(found, before) || sameContent(found, after), `${where}: ${JSON.stringify([...found])}`);
          const last = open(flash);
          changeSome(last, room);
          assert.ok(sameContent(content(open(flash)), content(last)), where);
          cuts += 1;
        }
      });
    }
    assert.ok(cuts > 1000, `${cuts} cuts`);
  });
}

test('opening and reading write nothing, whatever a cut left', () => {
  for (let at = 0; at < 40; at += 1) {
    const flash = new FaultyFlash(DOORS[3]);
    flash.cutAt = at;
    flash.remains = 'torn';
    run(flash, payload(DOORS[3]));
    const revived = flash.revived();
    content(open(revived));
    assert.is(revived.operations, 0);
  }
});

test.run();
