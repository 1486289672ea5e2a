import { Command, InvalidArgumentError } from 'commander';

/** Exit code for a wrong command line. */
const USAGE = 2;

/** A program that `npm run NAME -- …` starts; `--help` tells its options, and a wrong one ends it with a line that says why. */
export function hostProgram(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .helpCommand(false)
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE));
}

/** Reads how long to go on. @throws InvalidArgumentError */
export function minutes(text: string): number {
  if (!/^\d{1,6}(\.\d+)?$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('It must be a number above 0.');
  return Number(text);
}

/** Reads a seed. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
