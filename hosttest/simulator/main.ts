import { Checks } from './checks.js';
import { runDevice } from './device-run.js';
import { runHeap } from './heap-run.js';
import { Display, missing } from './simulator.js';

// Builds the firmware with the Moddable SDK and runs it in its simulator: npm run test:simulator. Without the SDK it is left out.

const reason = missing();
if (reason === undefined) {
  const checks = new Checks();
  const display = await Display.open();
  try {
    await runDevice(display, checks);
    await runHeap(display, checks);
  } catch (thrown) {
    checks.check('the simulator ran to the end', false, String(thrown));
  } finally {
    await display.close();
  }
  process.exitCode = checks.end();
} else console.log(`The simulator is LEFT OUT: ${reason}.`);
