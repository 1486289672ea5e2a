import type { Campaign, Outcome } from './campaign.js';
import { type Cut, showCut } from './cut.js';

/** What came of all cuts of one scenario on one kind of store. */
export interface Results {
  /** Operations of the scenario where nothing goes wrong. */
  readonly operations: number;
  /** Runs with a cut or a refusal. */
  cuts: number;
  /** Those of them with a second one in what follows. */
  twice: number;
  /** Runs with a record that rots. */
  rotten: number;
  kept: number;
  recovered: number;
  ruined: number;
  failed: number;
}

/** @returns what came of it, or undefined where something is not as it must be, which `failed` gets to know. */
export function tryOnce(
  campaign: Campaign,
  cuts: readonly Cut[],
  failed: (report: string) => void,
): Outcome | undefined {
  try {
    return campaign.run(cuts);
  } catch (thrown) {
    const [first, second] = cuts.map(showCut);
    const names = `--store ${campaign.kind.name} --scenario ${campaign.scenario.name}`;
    const again = `npm run test:powerloss -- ${names} --cut ${first}${second === undefined ? '' : ` --next ${second}`}`;
    failed(`${campaign.describe(cuts)}: ${(thrown as Error).stack}\nagain: ${again}`);
    return undefined;
  }
}

/** Tries every cut, and every record that may rot. @param failed gets a report that says how to replay the run alone. */
export function tryAll(campaign: Campaign, failed: (report: string) => void): Results {
  const { operations } = campaign;
  const results: Results = { operations, cuts: 0, twice: 0, rotten: 0, kept: 0, recovered: 0, ruined: 0, failed: 0 };
  for (const cuts of campaign.cuts()) {
    results.cuts += 1;
    results.twice += cuts.length - 1;
    results[tryOnce(campaign, cuts, failed) ?? 'failed'] += 1;
  }
  for (const rot of campaign.rots()) {
    results.rotten += 1;
    results[tryOnce(campaign, rot, failed) ?? 'failed'] += 1;
  }
  return results;
}
