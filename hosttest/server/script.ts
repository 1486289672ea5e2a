import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { JsonSyntaxError, lineAndColumn, outlineJson } from './json-outline.js';
import { isDmTarget, parseTarget } from './request-target.js';
import { checkOf, type SchemaCheck, schemaErrorLine } from './schema.js';
import { RESOURCE_SCHEMA, SCRIPT_SCHEMA, SESSIONS_SCHEMA } from './script-schema.js';
import type { ResourceScript, Script, SessionScript } from './script-types.js';

/** A script that cannot be used. The message is one line with the place. */
export class ScriptError extends Error {
  readonly code = 'BAD_SCRIPT';

  constructor(place: string, text: string) {
    super(`${place}: ${text}`);
    this.name = 'ScriptError';
  }
}

const scriptCheck = checkOf(SCRIPT_SCHEMA);
const sessionsCheck = checkOf(SESSIONS_SCHEMA);
const resourceCheck = checkOf(RESOURCE_SCHEMA);

/**
 * Reads a script.
 * @param file its path; files that it names are relative to this one's folder.
 * @returns the script with absolute file names.
 * @throws ScriptError where a file is missing, or the text is no JSON or no script.
 */
export function loadScript(file: string): Script {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw new ScriptError(file, `cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  return checkScript(parse(text, file), file, dirname(file));
}

/**
 * Checks a value.
 * @param name what messages call it.
 * @param folder where the files that it names are; the working directory by default.
 * @returns the script with absolute file names.
 * @throws ScriptError
 */
export function checkScript(value: unknown, name: string, folder = '.'): Script {
  expectSchema<Script>(value, scriptCheck, name);
  const { sessions, repository, authentication } = value;
  for (const [index, session] of (sessions ?? []).entries()) checkSession(session, `${name}: /sessions/${index}`);
  for (const path of Object.keys(authentication ?? {})) checkPath(path, `${name}: /authentication`);
  const resources = Object.entries(repository ?? {}).map(([path, resource]): [string, ResourceScript] => {
    checkResourcePath(path, `${name}: /repository`);
    return [path, checkContent(resource, `${name}: /repository/${pointerPart(path)}`, folder)];
  });
  return { ...value, ...(repository && { repository: Object.fromEntries(resources) }) };
}

/** Checks the `sessions` of a script alone. @throws ScriptError */
export function checkSessions(value: unknown, name: string): SessionScript[] {
  expectSchema<SessionScript[]>(value, sessionsCheck, name);
  for (const [index, session] of value.entries()) checkSession(session, `${name}: /${index}`);
  return value;
}

/** Checks one resource alone; the file that it may name is relative to the working directory. @throws ScriptError */
export function checkResource(path: string, value: unknown): ResourceScript {
  expectSchema<ResourceScript>(value, resourceCheck, path);
  return checkContent(value, path, '.');
}

/** @throws ScriptError where the path is no path, or is one of the DM Server's. */
export function checkResourcePath(path: string, place: string): void {
  if (path.startsWith('/') && !isDmTarget(parseTarget(path))) return;
  throw new ScriptError(place, `the path ${JSON.stringify(path)} must begin with "/" and not be "/dm" or below it`);
}

function checkPath(path: string, place: string): void {
  if (!/^\/[^?]*$/.test(path))
    throw new ScriptError(place, `${JSON.stringify(path)} must be a path that begins with "/"`);
}

function parse(text: string, file: string): unknown {
  try {
    const { duplicate } = outlineJson(text);
    if (duplicate) throw new JsonSyntaxError(`member ${JSON.stringify(duplicate.key)} twice`, duplicate.offset);
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new ScriptError(`${file}: ${lineAndColumn(text, error.offset)}`, error.message);
  }
}

function expectSchema<T>(value: unknown, check: SchemaCheck, name: string): asserts value is T {
  const error = check(value);
  if (error) throw new ScriptError(name, schemaErrorLine(error));
}

function checkSession({ packages, server }: SessionScript, place: string): void {
  if (server !== undefined && !isDmTarget(parseTarget(server)))
    throw new ScriptError(`${place}/server`, `the path ${JSON.stringify(server)} must be "/dm" or below it`);
  for (const [index, entry] of packages.entries()) {
    if (entry.CMD === undefined) checkMembers(entry, ['package', 'text'], ['fault'], `${place}/packages/${index}`);
  }
}

function checkContent(resource: ResourceScript, place: string, folder: string): ResourceScript {
  checkMembers(resource, ['document', 'text', 'file'], ['status', 'fault', 'accept', 'uploadStatuses'], place);
  if (resource.file === undefined) return resource;
  const file = resolve(folder, resource.file);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new ScriptError(place, `no file ${file}`);
  return { ...resource, file };
}

/** A body comes from one place; none is needed where another member says what to answer. */
function checkMembers(value: object, contents: string[], substitutes: string[], place: string): void {
  const count = contents.filter((name) => name in value).length;
  if (count > 1) throw new ScriptError(place, `only one of ${contents.join(', ')} is possible`);
  if (count === 0 && !substitutes.some((name) => name in value)) {
    throw new ScriptError(place, `one of ${[...contents, ...substitutes].join(', ')} is missing`);
  }
}

function pointerPart(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1');
}
