/**
 * The rooms of `lib`, and which others each may import from: data flows one way. A room that stands in no list of another may be
 * imported by the top of `lib` alone, and one that is optional not even by that.
 */
const ROOMS = {
  answers: [],
  environment: [],
  schemes: [],
  errors: ['answers'],
  options: ['errors'],
  observability: ['answers', 'environment', 'errors'],
  'exception-filter': ['errors'],
  transport: ['answers', 'environment', 'observability', 'options'],
  signers: ['answers', 'environment', 'schemes'],
  verifiers: ['answers', 'environment', 'schemes'],
  merchants: ['answers', 'environment', 'errors', 'options', 'signers', 'verifiers'],
  'platform-keys': ['answers', 'environment', 'errors', 'merchants', 'transport', 'verifiers'],
  'api-v2': ['answers', 'environment', 'merchants', 'signers', 'transport', 'verifiers'],
  'api-v3': ['answers', 'environment', 'merchants', 'platform-keys', 'signers', 'transport', 'verifiers'],
  'close-order': ['answers', 'api-v2', 'api-v3', 'environment', 'errors', 'merchants', 'observability', 'transport'],
  settings: ['close-order', 'errors', 'merchants', 'options', 'transport'],
  doctor: [
    'answers',
    'api-v2',
    'api-v3',
    'environment',
    'errors',
    'merchants',
    'options',
    'platform-keys',
    'transport',
  ],
  'command-line': ['close-order', 'doctor', 'environment', 'errors'],
  // Judges the client, so it shares only the wire formats with it.
  emulator: ['api-v2', 'api-v3', 'settings'],
  'auto-close': ['close-order', 'environment', 'errors', 'options'],
  notifications: [
    'answers',
    'api-v2',
    'api-v3',
    'close-order',
    'environment',
    'errors',
    'merchants',
    'platform-keys',
    'verifiers',
  ],
  health: ['doctor'],
  openapi: ['close-order', 'errors', 'exception-filter'],
  opentelemetry: ['auto-close', 'errors', 'observability'],
  sm: ['answers', 'errors', 'signers', 'verifiers'],
  // Sees what an application sees: the index of lib and of lib/emulator.
  testing: ['emulator'],
};

/** Behind subpaths of their own, most of them for an optional package: the main entry point must not load them. */
const OPTIONAL = ['auto-close', 'emulator', 'health', 'notifications', 'openapi', 'opentelemetry', 'sm', 'testing'];

/** Files that a room may not import besides. */
const FILES = {
  'auto-close': ['**/wechat-pay.module.js'],
  notifications: ['**/wechat-pay.module.js'],
  sm: ['**/index.js'],
  testing: ['**/wechat-pay.*'],
};

const restricted = (group, message) => ({ 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] });

/** Imports are compared as they are written, which depends on how deep a file lies; so a room may have a folder named like another. */
function directionOf([room, allowed]) {
  const others = Object.keys(ROOMS).filter((other) => other !== room && !allowed.includes(other));
  const message = `lib/${room} may import only from ${allowed.join(', ') || 'itself'} and the files beside it.`;
  return ['..', '../..', '../../..'].map((up, depth) => ({
    files: [`lib/${room}/${'*/'.repeat(depth)}*.ts`],
    rules: restricted([...others.map((other) => `${up}/${other}/**`), ...(FILES[room] ?? [])], message),
  }));
}

const UNTYPED = {
  'typescript/no-unsafe-argument': 'off',
  'typescript/no-unsafe-assignment': 'off',
  'typescript/no-unsafe-call': 'off',
  'typescript/no-unsafe-member-access': 'off',
  'typescript/no-unsafe-return': 'off',
};

export default {
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'promise'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  ignorePatterns: ['dist', 'coverage', 'node_modules', 'bench/node_modules', 'test/matrix/app', 'sample-app/dist'],
  rules: {
    'import/no-cycle': 'error',
    'import/no-self-import': 'error',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'no-console': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-return': 'off',
    'typescript/no-explicit-any': 'error',
    'typescript/no-extraneous-class': ['error', { allowEmpty: true, allowWithDecorator: true }],
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/no-unsafe-type-assertion': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
  },
  overrides: [
    ...Object.entries(ROOMS).flatMap(directionOf),
    {
      files: ['lib/**'],
      excludeFiles: ['lib/environment/when-turn-ends.ts'],
      rules: {
        'no-restricted-globals': [
          'error',
          {
            name: 'setImmediate',
            message:
              "Call whenTurnEnds: what waits for no time goes on under the clock of an application's tests, too.",
          },
        ],
      },
    },
    {
      files: ['lib/*.ts'],
      rules: restricted(
        OPTIONAL.map((room) => `./${room}/**`),
        'This room is behind a subpath of its own.',
      ),
    },
    {
      files: ['lib/emulator/command.ts', 'lib/command-line/command.ts'],
      rules: { 'no-console': 'off' },
    },
    {
      files: ['sample-app/**'],
      rules: { 'no-await-in-loop': 'off', 'no-console': 'off', 'typescript/no-unsafe-type-assertion': 'off' },
    },
    {
      files: ['*.js', 'sample-app/public/**'],
      rules: UNTYPED,
    },
    {
      files: ['bench/**', 'api-report/**', 'docs/.vitepress/**'],
      rules: {
        ...UNTYPED,
        'no-await-in-loop': 'off',
        'no-console': 'off',
        'typescript/no-unsafe-type-assertion': 'off',
      },
    },
    {
      files: ['test/**'],
      rules: {
        ...UNTYPED,
        'no-await-in-loop': 'off',
        'oxc/no-map-spread': 'off',
        'typescript/no-explicit-any': 'off',
        'typescript/no-non-null-assertion': 'off',
        'typescript/no-unsafe-type-assertion': 'off',
        'unicorn/consistent-function-scoping': 'off',
        'unicorn/no-array-sort': 'off',
        'unicorn/prefer-set-has': 'off',
      },
    },
    {
      files: ['test/chaos/**', 'test/matrix/**'],
      rules: { 'no-console': 'off', 'no-unmodified-loop-condition': 'off' },
    },
  ],
};
