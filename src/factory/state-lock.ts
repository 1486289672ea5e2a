import * as fs from 'node:fs';
import * as path from 'node:path';
import { UsageError } from './usage-error.js';

/** What a process that uses a folder leaves there: an empty file with its number in the name, which is no key of the flash. */
const LOCK = /^lock\.([1-9]\d*)$/;

/**
 * Keeps other processes out of a state folder, where two devices would overwrite each other's records. Of two that come at the same moment
 * both may be refused, but never go on both: each leaves its own file before it looks for others.
 */
export class StateLock {
  private readonly file: string;

  /**
   * Takes the folder, which is made where it does not exist; what a dead process left there is cleared away.
   * @throws UsageError where a living process has it; the file system's error where it cannot be used.
   */
  constructor(folder: string) {
    fs.mkdirSync(folder, { recursive: true });
    this.file = path.join(folder, `lock.${process.pid}`);
    fs.closeSync(fs.openSync(this.file, 'a'));
    for (const name of fs.readdirSync(folder)) {
      const pid = Number(LOCK.exec(name)?.[1] ?? process.pid);
      if (pid === process.pid) continue;
      const other = path.join(folder, name);
      if (isAlive(pid)) {
        this.release();
        throw new UsageError(
          `--state ${folder}: in use by process ${pid}; remove ${other} where that is not a device of this folder`,
        );
      }
      removeFile(other);
    }
  }

  release(): void {
    removeFile(this.file);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function removeFile(file: string): void {
  try {
    fs.unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
