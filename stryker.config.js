/** A text of three words and more is for people; what it says is no behaviour. Templates are mutated all the same. */
const FOR_PEOPLE = /\S\s+\S+\s+\S/;

/** @param {{ node: { type: string, value?: string } }} path */
function shouldIgnore({ node }) {
  return node.type === 'StringLiteral' && FOR_PEOPLE.test(node.value ?? '') ? 'words for people' : undefined;
}

/** Stryker loads this very file as a plugin. */
export const strykerPlugins = [{ kind: 'Ignore', name: 'words-for-people', value: { shouldIgnore } }];

const closeOrder = [
  'close-errors',
  'confirmation',
  'hint',
  'internal-code',
  'minimum-age',
  'outcome',
  'proven-answer',
  'query-outcome',
  'retry-budget',
  'retry-policy',
  'single-flight',
  'trade-report',
  'wechat-code',
  'variants/*',
];

/** Settings that both runs share. */
export const shared = {
  plugins: ['@stryker-mutator/jest-runner', './stryker.config.js'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  coverageAnalysis: 'perTest',
  ignorers: ['words-for-people'],
  ignorePatterns: ['dist', 'coverage', 'reports', 'test/matrix/app'],
  // Tests reach for the sources by themselves; there is no TypeScript configuration for Stryker to rewrite.
  tsconfigFile: 'none',
  concurrency: 2,
  timeoutMS: 15_000,
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
};

/**
 * What decides over an order, held against the unit tests. For every mutant Jest loads each test that leads to the mutated
 * file: so unit tests import the files that they test, and not the whole package.
 */
export default {
  ...shared,
  jest: {
    projectType: 'custom',
    configFile: 'jest.config.js',
    config: {
      testMatch: [
        '<rootDir>/test/unit/{answers,api-v2,api-v3,close-order,schemes,signers,transport,verifiers}/**/*.spec.ts',
      ],
    },
  },
  mutate: [
    'lib/{answers,api-v2,api-v3,schemes,signers,verifiers}/**/*.ts',
    '!lib/api-v2/api-v2.exchange.ts',
    '!lib/api-v3/api-v3.exchange.ts',
    `lib/close-order/{${closeOrder.join(',')}}.ts`,
    'lib/transport/retry-after.ts',
  ],
};
