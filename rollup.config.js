import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';

// One entry per published module; what a module imports from the others stays an import of the built file,
// so there is one copy of the core in a process.
const core = { dmlet: './dmlet.js', 'dmlet/node': './node.js', 'dmlet/server': './server.js' };

function isExternal(id) {
  if (id in core) return true;
  return !id.startsWith('.') && !id.startsWith('/') && !id.includes('/src/') && !id.includes('/hosttest/');
}

function bundle({ input, file, tsconfig, plugins = [], banner, sourcemap = false }) {
  return {
    input,
    output: { file, format: 'es', banner, paths: core, sourcemap },
    external: isExternal,
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

/**
 * For the Moddable SDK: modules that import each other by the names that src/platform/moddable/manifest.json gives them. The core among them is
 * dist/dmlet.js.
 */
const MODDABLE = [
  'index',
  'adapters',
  'flash',
  'flash-files',
  'flash-simulator',
  'identity',
  'limits',
  'limits-32k',
  'main',
  'example/mms-client',
  'example/gateway',
  'example/gateway-identity',
];

const moddable = {
  input: Object.fromEntries(MODDABLE.map((name) => [name, `src/platform/moddable/${name}.ts`])),
  output: {
    dir: 'dist/moddable',
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    minifyInternalExports: false,
    // Under a name of its own: the manifest has to say it.
    manualChunks: (id) => (id.includes('/counted-flash.') ? 'counted-flash' : undefined),
  },
  external: isExternal,
  plugins: [
    typescript({
      tsconfig: 'src/platform/moddable/tsconfig.json',
      noEmit: false,
      noEmitOnError: true,
      rootDir: import.meta.dirname,
    }),
  ],
  onwarn(warning) {
    throw new Error(`dist/moddable: ${warning.message}`);
  },
};

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
  moddable,
];
