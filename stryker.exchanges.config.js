import { shared } from './stryker.config.js';

/** The two exchanges, which only an application on a socket can show to be right: slow, since every mutant opens shops. */
export default {
  ...shared,
  jest: {
    projectType: 'custom',
    configFile: 'jest.config.js',
    config: { testMatch: ['<rootDir>/test/e2e/{attacks,close-order,doubt,module}.e2e-spec.ts'] },
  },
  mutate: ['lib/api-v2/api-v2.exchange.ts', 'lib/api-v3/api-v3.exchange.ts'],
  timeoutMS: 60_000,
  htmlReporter: { fileName: 'reports/mutation/exchanges.html' },
  jsonReporter: { fileName: 'reports/mutation/exchanges.json' },
};
