import { shared } from './stryker.config.js';

/** The two exchanges, held against a test of their own, since only an application on a socket can show that they are right. */
export default {
  ...shared,
  jest: {
    projectType: 'custom',
    configFile: 'jest.config.js',
    config: { testMatch: ['<rootDir>/test/e2e/exchanges.e2e-spec.ts'] },
  },
  mutate: ['lib/api-v2/api-v2.exchange.ts', 'lib/api-v3/api-v3.exchange.ts'],
  timeoutMS: 30_000,
  htmlReporter: { fileName: 'reports/mutation/exchanges.html' },
  jsonReporter: { fileName: 'reports/mutation/exchanges.json' },
};
