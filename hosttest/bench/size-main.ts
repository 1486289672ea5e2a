import { bundleParts, partsTable } from './parts.js';

console.log(partsTable(bundleParts()));
