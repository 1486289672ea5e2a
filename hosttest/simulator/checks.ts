/** What was looked at, and whether it was as it must be. */
export class Checks {
  private passed = 0;
  private failed = 0;

  /** Prints one line, and what is wrong where something is. */
  check(what: string, isWell: boolean, seen = ''): void {
    console.log(`${isWell ? 'ok  ' : 'FAIL'} ${what}${isWell || seen === '' ? '' : `: ${seen}`}`);
    if (isWell) this.passed += 1;
    else this.failed += 1;
  }

  /** Prints the last line. @returns the exit code. */
  end(): number {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}
