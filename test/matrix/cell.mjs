/**
 * One consumer of the package.
 *
 * @typedef {object} Cell
 * @property {string} name
 * @property {'commonjs' | 'module'} type - of its package.json
 * @property {Record<string, string>} dependencies - beside the tarball
 * @property {Record<string, unknown>} [overrides] - of its package.json
 * @property {string} [node] - which Node.js runs it; without it the one that runs the matrix
 * @property {'express' | 'fastify'} [host] - Express if left out
 * @property {true} [isFast] - runs in `npm test`, too
 * @property {(workshop: import('./workshop.mjs').Workshop, cell: Cell) => Promise<void>} check - throws what is wrong
 */

/**
 * What an application of a Nest has.
 *
 * @param {string} nest - a range of versions
 * @param {string} axios - of `@nestjs/axios`
 * @param {'express' | 'fastify'} [host]
 * @returns {Record<string, string>}
 */
export function nestApp(nest, axios, host = 'express') {
  return {
    '@nestjs/axios': axios,
    '@nestjs/common': nest,
    '@nestjs/core': nest,
    [`@nestjs/platform-${host}`]: nest,
    '@types/node': '^20.19.0',
    axios: '^1.3.1',
    'reflect-metadata': '^0.2.0',
    rxjs: '^7.5.5',
  };
}
