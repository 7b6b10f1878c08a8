/**
 * The packages behind the subpaths.
 *
 * @param {string} nest - a range of versions
 * @returns {Record<string, string>}
 */
export function optionalPackages(nest) {
  return {
    '@nestjs/swagger': nest,
    '@nestjs/terminus': nest,
    '@opentelemetry/api': '^1.9.0',
    '@types/pg': '^8.0.0',
    bullmq: '^6.7.0',
    ioredis: '*',
    libsql: '^0.5.1',
    pg: '^8.0.0',
    'sm-crypto-v2': '^1.15.1',
  };
}
