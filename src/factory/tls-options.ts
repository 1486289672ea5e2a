import * as fs from 'node:fs';
import { NodeHttp, type NodeHttpOptions } from 'dmlet/node';
import { UsageError } from './usage-error.js';

/** Names of PEM files, as the command line gives them. */
export interface TlsFiles {
  cert?: string;
  key?: string;
  ca?: string;
}

/** Reads the files of `--cert`, `--key` and `--ca`. @throws UsageError where one is missing, or cannot be used. */
export function readTlsFiles({ cert, key, ca }: TlsFiles): NodeHttpOptions {
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--cert and --key go together');
  const options = { cert: read('--cert', cert), key: read('--key', key), ca: read('--ca', ca) };
  try {
    new NodeHttp(options).close();
  } catch (error) {
    throw new UsageError(
      `${[cert, key, ca].filter((file) => file !== undefined).join(', ')}: ${(error as Error).message}`,
    );
  }
  return options;
}

function read(option: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option} ${file}: ${(error as Error).message}`);
  }
}
