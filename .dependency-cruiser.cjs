// Imports run one way, down this list; a folder may import any that stands below it, and itself.
const LAYERS = [
  'src/index.ts',
  'src/client.ts',
  'src/session',
  'src/execute',
  'src/config',
  'src/reply',
  'src/access',
  'src/tree',
  'src/flash',
  'src/http',
  'src/commands',
  'src/bytes',
  'src/limits.ts',
  'src/errors.ts',
  'src/hal',
];

const pattern = (layers) => `^(${layers.map((layer) => layer.replace('.', '\\.')).join('|')})(/|$)`;

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...LAYERS.slice(1).map((layer, index) => ({
      name: `nothing-above-${layer}`,
      severity: 'error',
      from: { path: pattern([layer]) },
      to: { path: pattern(LAYERS.slice(0, index + 1)) },
    })),
    {
      name: 'core-has-no-dependency',
      comment: 'The core imports its own files only: no package, no built-in module, no platform.',
      severity: 'error',
      from: { path: pattern(LAYERS) },
      to: { pathNot: pattern(LAYERS) },
    },
    {
      name: 'platform-imports-contracts-only',
      severity: 'error',
      from: { path: '^src/platform/([^/]+)/' },
      to: { path: '^(src|hosttest)/', pathNot: '^src/(hal|platform/$1)/' },
    },
    {
      name: 'host-programs-use-published-modules',
      severity: 'error',
      from: { path: '^src/factory/' },
      to: {
        path: '^(src|hosttest)/',
        pathNot: '^(src/factory/|src/index\\.ts$|src/platform/node/index\\.ts$|hosttest/server/index\\.ts$)',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
