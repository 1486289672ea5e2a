import { JSONParser } from '@streamparser/json';
import clarinet from 'clarinet';
import { type Command, CommandReader, DEFAULT_LIMITS } from 'dmlet';
import { NodeText } from 'dmlet/node';
import JsonParse from 'jsonparse';
import type { Package2 } from './package2.js';

/** Reads a whole package. */
export type ReadPackage2 = (input: Package2) => void;

/** Gets a command, its name first. */
export type TakeTexts = (command: string[]) => void;

// Every reader is made once and used for all packages, each in the fastest way that its documentation or code allows, and throws
// on what it takes for an error. The parsers trust that a command is an array of strings; dmlet checks it.

/** dmlet as the client uses it: the code and the parameters in the reader's one record. */
export function dmletReader(take: (command: Command) => true): ReadPackage2 {
  const reader = new CommandReader(new NodeText(), DEFAULT_LIMITS, take);
  // As an exchange hands bytes on: what is not taken stands before what comes next.
  const buffer = new Uint8Array(4096);
  return ({ chunks }) => {
    let to = 0;
    reader.reset();
    for (let i = 0; i < chunks.length; i += 1) {
      buffer.set(chunks[i], to);
      to += chunks[i].length;
      const taken = reader.read(buffer, 0, to, i < chunks.length - 1);
      if (taken < to) buffer.copyWithin(0, taken, to);
      to -= taken;
    }
    reader.end();
  };
}

/** dmlet, with every name and parameter made a string, as the parsers do. */
export function dmletTextReader(take: TakeTexts): ReadPackage2 {
  return dmletReader((command) => {
    const texts = [command.name()];
    for (let i = 0; i < command.count; i += 1) texts.push(command.parameter(i));
    take(texts);
    return true;
  });
}

/** The measure of all: the chunks are joined, decoded and parsed. `toString` is Node's fastest decoding; it lets bytes pass that are no UTF-8. */
export function jsonParseReader(take: TakeTexts): ReadPackage2 {
  return ({ chunks }) => takeDocument(Buffer.concat(chunks).toString('utf8'), take);
}

/** `JSON.parse` alone: how fast it is where the body is a string already. */
export function jsonParseStringReader(take: TakeTexts): ReadPackage2 {
  return ({ text }) => takeDocument(text, take);
}

function takeDocument(text: string, take: TakeTexts): void {
  const document: { CMD: string[][] } = JSON.parse(text);
  for (const command of document.CMD) take(command);
}

/** clarinet takes strings: the chunks are decoded one by one, a character may lie across an edge. */
export function clarinetReader(take: TakeTexts): ReadPackage2 {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = clarinet.parser();
  let depth = 0;
  let command: string[] = [];
  parser.onopenarray = () => {
    depth += 1;
    command = [];
  };
  parser.onvalue = (value) => {
    command.push(value as string);
  };
  parser.onclosearray = () => {
    depth -= 1;
    if (depth === 1) take(command);
  };
  parser.onerror = (error) => {
    throw error;
  };
  return ({ chunks }) => {
    for (const chunk of chunks) parser.write(decoder.decode(chunk, { stream: true }));
    parser.write(decoder.decode());
    parser.close();
  };
}

/** jsonparse needs `Buffer`s. A command is what is whole below the document, the object and its array. */
export function jsonparseReader(take: TakeTexts): ReadPackage2 {
  const parser = new JsonParse();
  parser.onValue = (value) => {
    if (parser.stack.length === 2) take(value as string[]);
  };
  return ({ buffers }) => {
    for (const buffer of buffers) parser.write(buffer);
  };
}

/** @streamparser/json with the path of the commands; the empty separator lets one parser read documents one after another. */
export function streamparserReader(take: TakeTexts): ReadPackage2 {
  const parser = new JSONParser({ paths: ['$.CMD.*'], separator: '' });
  parser.onValue = ({ value }) => {
    take(value as string[]);
  };
  return ({ chunks }) => {
    for (const chunk of chunks) parser.write(chunk);
  };
}
