import { connect } from 'node:tls';

/**
 * The environment variables that Node itself reads. Jest gives its tests a copy of them, and what is set there Node never
 * learns; but the functions of Node know the realm they come from.
 */
export const { env: machineEnvironment } = (connect.constructor as FunctionConstructor)(
  'return process',
)() as NodeJS.Process;
