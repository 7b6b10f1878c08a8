import base from './jest.config.js';

/**
 * The tests that mutants are held against. Jest loads all that lead to the mutated file, for every mutant anew: so the
 * unit tests import the files that they test, and not the whole package.
 */
export default {
  ...base,
  testMatch: ['<rootDir>/test/unit/**/*.spec.ts'],
  testPathIgnorePatterns: [...base.testPathIgnorePatterns, '<rootDir>/test/unit/settings/'],
};
