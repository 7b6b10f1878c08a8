import { shared } from './jest.config.js';

/** The tests of the packed tarball: slow, since each installs a fixture app. */
export default {
  ...shared,
  roots: ['<rootDir>/test/package'],
  testMatch: ['<rootDir>/test/package/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/test/package/fixtures/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testTimeout: 300_000,
};
