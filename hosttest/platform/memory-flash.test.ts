import { CutFlash } from '../support/device-cut-flash.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { flashContract } from './flash-contract.js';

// The stores of the other suites keep the contract as well: what passes on them means something.
flashContract('MemoryFlash', (capacity) => {
  const flash = new MemoryFlash({ capacity });
  return {
    flash,
    reopen() {
      const again = new MemoryFlash({ capacity });
      for (const [key, value] of flash.values) again.values.set(key, value);
      return again;
    },
    remove: () => {},
  };
});

flashContract('CutFlash, with power', (capacity) => {
  const flash = new CutFlash({ capacity });
  return { flash, reopen: () => CutFlash.copyOf(flash), remove: () => {} };
});
