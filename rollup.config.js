import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';

// One entry per published module; what a module imports from the others stays an import of the built file,
// so there is one copy of the core in a process.
const core = { dmlet: './dmlet.js', 'dmlet/node': './node.js', 'dmlet/server': './server.js' };

function bundle({ input, file, tsconfig, plugins = [], banner, sourcemap = false, paths = core }) {
  return {
    input,
    output: { file, format: 'es', banner, paths, sourcemap },
    external: (id) =>
      id in core || (!id.startsWith('.') && !id.startsWith('/') && !id.includes('/src/') && !id.includes('/hosttest/')),
    plugins: [
      typescript({
        tsconfig,
        noEmit: false,
        noEmitOnError: true,
        declaration: true,
        declarationDir: 'dist/types',
        outDir: undefined,
        sourceMap: Boolean(sourcemap),
        rootDir: import.meta.dirname,
      }),
      ...plugins,
    ],
    onwarn(warning) {
      throw new Error(`${file}: ${warning.message}`);
    },
  };
}

// For the Moddable SDK: modules that import each other by the names that src/platform/moddable/manifest.json gives them. The core is dist/dmlet.js.
const moddable = [
  'index',
  'adapters',
  'flash',
  'flash-simulator',
  'identity',
  'limits',
  'limits-32k',
  'main',
  'example/mms-client',
  'example/gateway',
  'example/gateway-identity',
].map((name) =>
  bundle({
    input: `src/platform/moddable/${name}.ts`,
    file: `dist/moddable/${name}.js`,
    tsconfig: 'src/platform/moddable/tsconfig.json',
    paths: {},
  }),
);

export default [
  bundle({
    input: 'src/index.ts',
    file: 'dist/dmlet.js',
    tsconfig: 'tsconfig.json',
    // What it inlines with parameters it declares below their use, and Espruino hoists nothing.
    plugins: [terser({ ecma: 2015, module: true, compress: { passes: 3, inline: 1 } })],
    // Beside the bundle and not named in it: the device does not need it, a person who reads a trace does.
    sourcemap: 'hidden',
  }),
  bundle({ input: 'src/platform/node/index.ts', file: 'dist/node.js', tsconfig: 'src/platform/node/tsconfig.json' }),
  bundle({ input: 'hosttest/server/index.ts', file: 'dist/server.js', tsconfig: 'hosttest/server/tsconfig.json' }),
  bundle({
    input: 'src/factory/cli.ts',
    file: 'dist/cli.js',
    tsconfig: 'src/factory/tsconfig.json',
    banner: '#!/usr/bin/env node',
  }),
  ...moddable,
];
