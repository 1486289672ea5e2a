import type { Definition, Limits } from 'dmlet';
import type { Fail } from './failure.js';
import { linesOf, needed, onlyBlock, readAnswer } from './forms.js';
import type { Line, Section } from './markdown.js';
import type { Resource } from './step.js';

/** The device and its world before the course. */
export interface Given {
  /** Undefined where the device has none. */
  readonly bootstrap: string | undefined;
  readonly identity: Record<string, string>;
  readonly limits: Partial<Limits>;
  /** Values by name; README.md has them. */
  readonly options: ReadonlyMap<string, string>;
  readonly definitions: readonly Definition[];
  readonly resources: readonly Resource[];
}

const OPTIONS = ['clock', 'browser', 'personal', 'chance'];
const DEV_ID = 'IMEI:490154203237518';
const ACCOUNT = 'urn:oma:mo:oma-dm-dmacc:1.2';

/** Reads what is given. */
export function readGiven(sections: readonly Section[], fail: Fail): Given {
  const identity: Record<string, string> = {};
  const limits: Record<string, number> = {};
  const options = new Map<string, string>();
  const definitions: Definition[] = [];
  const resources: Resource[] = [];
  const parts: BootstrapParts = { mo: [], cmd: [] };
  for (const section of sections) {
    const [, method, url, answer] = /^(GET|PUT|POST) (\S+) gets (.+)$/.exec(section.title) ?? [];
    if (method !== undefined) {
      resources.push({ method, url, answer: readAnswer(section, answer, fail) });
      continue;
    }
    switch (section.title) {
      case 'Bootstrap':
        parts.whole = needed(onlyBlock(section, fail), section, fail).text;
        break;
      case 'Accounts':
        parts.mo.push(...readAccounts(section, fail));
        break;
      case 'Objects':
        parts.mo.push(...(JSON.parse(needed(onlyBlock(section, fail), section, fail).text) as unknown[]));
        break;
      case 'Commands':
        parts.cmd.push(...readLines(section, fail).map(({ text }) => text.split(' ')));
        break;
      case 'Definition':
        definitions.push(readDefinition(section, fail));
        break;
      case 'Identity':
        for (const [name, value] of readPairs(section, fail)) identity[name] = value;
        break;
      case 'Limits':
        for (const [name, value] of readPairs(section, fail)) limits[name] = Number(value);
        break;
      case 'Options':
        for (const [name, value, line] of readPairs(section, fail)) {
          if (!OPTIONS.includes(name)) fail(line, `no such option: ${name}`);
          options.set(name, value);
        }
        break;
      default:
        fail(section.line, `nothing of this kind can be given: "${section.title}"`);
    }
  }
  if (identity.DevID === undefined && !parts.whole?.includes('"DevID"')) identity.DevID = DEV_ID;
  return { bootstrap: bootstrapOf(parts), identity, limits, options, definitions, resources };
}

interface BootstrapParts {
  whole?: string;
  readonly mo: unknown[];
  readonly cmd: string[][];
}

function bootstrapOf({ whole, mo, cmd }: BootstrapParts): string | undefined {
  if (whole !== undefined) return whole;
  return mo.length + cmd.length === 0 ? undefined : JSON.stringify({ MO: mo, CMD: cmd });
}

/** A table of accounts: each column a path in the DM Account, and `Perm` a list. */
function readAccounts({ rows: [head, ...rows], line }: Section, fail: Fail): unknown[] {
  if (head === undefined) return fail(line, 'a table is needed here');
  return rows.map(({ cells }, index) => {
    const account = {};
    for (const [column, path] of head.cells.entries()) {
      const value = cells[column] ?? '';
      if (value === '') continue;
      const names = path.split('/');
      if (path === 'Perm') put(account, names, permList(value));
      else put(account, names, value);
    }
    return { ClientURI: `${ACCOUNT}/a${index + 1}/`, MOData: { DMAcc: account } };
  });
}

/** A line with the MOID and, where there is one, the DDF; then a line for each node. */
function readDefinition(section: Section, fail: Fail): Definition {
  const [head, ...nodes] = readLines(section, fail).map(({ text }) => text);
  const [moid, ddf = ''] = head.split(' ');
  return { moid, ddf, nodes };
}

function permList(value: string): object {
  return Object.fromEntries(value.split(/\s+/).map((moid, index) => [String(index + 1), { MOID: moid }]));
}

function put(parent: Record<string, unknown>, [name, ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    parent[name] = value;
    return;
  }
  const below = (parent[name] ?? {}) as Record<string, unknown>;
  parent[name] = below;
  put(below, rest, value);
}

function readLines(section: Section, fail: Fail): Line[] {
  return linesOf(needed(onlyBlock(section, fail), section, fail));
}

/** Lines of the form `name=value`. */
function readPairs(section: Section, fail: Fail): [string, string, number][] {
  return readLines(section, fail).map(({ text, line }) => {
    const [, name, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
    return name === undefined ? fail(line, `"name=value" is needed here: "${text}"`) : [name, value, line];
  });
}
