import base, { shared } from './jest.config.js';

/** The tests of the sample application's page in a real browser. */
export default {
  ...shared,
  roots: ['<rootDir>/test/browser'],
  testMatch: ['<rootDir>/test/browser/*.spec.ts'],
  moduleNameMapper: base.moduleNameMapper,
  testTimeout: 30_000,
};
