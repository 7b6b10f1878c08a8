import { shared } from './jest.config.js';

/** The tests of what is packed, as it stands; test/matrix runs it in applications. */
export default {
  ...shared,
  roots: ['<rootDir>/test/package'],
  testMatch: ['<rootDir>/test/package/*.spec.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testTimeout: 300_000,
};
