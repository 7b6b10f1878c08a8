const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, useDefineForClassFields: false },
    experimental: { keepImportAttributes: true },
  },
  module: { type: 'es6' },
};

/** Settings that every Jest run of this repository shares. */
export const shared = {
  testEnvironment: 'node',
  // Half of the time is waiting for sockets and processes, so one worker fewer than cores, Jest's default, is too few.
  maxWorkers: 2,
  // It is there to end a hang, not to measure: a machine may be busy.
  testTimeout: 30_000,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
};

export default {
  ...shared,
  // `lib` is a root so that a file which no test touches counts as uncovered.
  roots: ['<rootDir>/lib', '<rootDir>/test', '<rootDir>/sample-app/src'],
  testMatch: ['<rootDir>/test/**/*.spec.ts', '<rootDir>/test/**/*.e2e-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/package/', '<rootDir>/test/browser/'],
  moduleNameMapper: {
    '^nestjs-wechatpay$': '<rootDir>/lib/index.ts',
    '^nestjs-wechatpay/auto-close$': '<rootDir>/lib/auto-close/index.ts',
    '^nestjs-wechatpay/emulator$': '<rootDir>/lib/emulator/index.ts',
    '^nestjs-wechatpay/health$': '<rootDir>/lib/health/index.ts',
    '^nestjs-wechatpay/opentelemetry$': '<rootDir>/lib/opentelemetry/index.ts',
    '^nestjs-wechatpay/openapi$': '<rootDir>/lib/openapi/index.ts',
    '^nestjs-wechatpay/notifications$': '<rootDir>/lib/notifications/index.ts',
    '^nestjs-wechatpay/sm$': '<rootDir>/lib/sm/index.ts',
    '^nestjs-wechatpay/testing$': '<rootDir>/lib/testing/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  coverageProvider: 'v8',
  collectCoverageFrom: ['lib/**/*.ts', '!lib/**/index.ts'],
};
