import { clientJobs } from '../client-jobs.js';
import { type Creation, DEVICE, type Live, type Machine, type Run } from '../machine.js';

/** Room for whatever a client takes; how it ends there has nothing to do with memory. */
const ROOMY = 1 << 20;

/** What a part of a client's life needs on the machine. */
export interface MemoryResult {
  /** The smallest pool in which it runs to its end; 0 where none helps. */
  readonly pool: number;
  /** The most memory in use, without garbage. */
  readonly most: Live;
  /** In use when the client was made, when it was started, and when its session had ended. */
  readonly marks: Readonly<Record<string, Live>>;
  /** Slots of stack. */
  readonly stack: number;
  /** Names that it interned. */
  readonly keys: number;
  /** How it ends where there is room. */
  readonly outcome: string;
}

async function measure(machine: Machine, job: Run): Promise<MemoryResult> {
  const roomy = { ...job, creation: { ...job.creation, pool: ROOMY } };
  const { exit, detail, end, marks } = await machine.run(roomy);
  const watched = await machine.run({ ...roomy, watch: true });
  return {
    pool: exit === 'ok' ? await machine.smallestPool(job) : 0,
    most: watched.most ?? { slots: 0, chunks: 0 },
    marks: Object.fromEntries([...marks].map(([label, { slots, chunks }]) => [label, { slots, chunks }])),
    stack: end?.stackPeak ?? 0,
    keys: end?.keys ?? 0,
    outcome: `${exit} ${detail}`.trim(),
  };
}

/** What a client needs, from nothing to sessions with bodies of a megabyte. */
export async function measureMemory(
  machine: Machine,
  usualLimits: boolean,
  creation: Creation = DEVICE,
): Promise<Record<string, MemoryResult>> {
  const results: Record<string, MemoryResult> = {};
  for (const [what, job] of Object.entries(clientJobs(creation, usualLimits)))
    results[what] = await measure(machine, job);
  return results;
}
