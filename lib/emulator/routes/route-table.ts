import { certificateRoutes } from './certificate.routes.js';
import { closeCombinedRoutes } from './close-combined.routes.js';
import { closeV3Routes } from './close-v3.routes.js';
import { nativeCombineRoutes } from './native-combine.routes.js';
import { nativeOverseasRoutes } from './native-overseas.routes.js';
import { nativeV3Routes } from './native-v3.routes.js';
import { queryCombinedRoutes } from './query-combined.routes.js';
import { queryOverseasRoutes } from './query-overseas.routes.js';
import { queryV3Routes } from './query-v3.routes.js';
import type { Route } from './route.js';
import { securityRoutes } from './security.routes.js';
import { v2Routes } from './v2.routes.js';

/** A route that a path matches. */
export interface RouteMatch {
  readonly route: Route;
  /** The path's parameters, still percent-encoded. */
  readonly parameters: ReadonlyMap<string, string>;
}

const ROUTES: readonly (readonly [segments: readonly string[], route: Route])[] = [
  ...v2Routes,
  ...nativeV3Routes,
  ...nativeCombineRoutes,
  ...nativeOverseasRoutes,
  ...queryV3Routes,
  ...queryCombinedRoutes,
  ...queryOverseasRoutes,
  ...closeV3Routes,
  ...closeCombinedRoutes,
  ...securityRoutes,
  ...certificateRoutes,
].map((route) => [route.path.split('/'), route]);

/**
 * The endpoints that have a path, whatever their method.
 *
 * @param path - to the letter, percent-encoding untouched
 */
export function routesOf(path: string): readonly RouteMatch[] {
  const actual = path.split('/');
  return ROUTES.flatMap(([segments, route]) => {
    const parameters = match(segments, actual);
    return parameters === undefined ? [] : [{ route, parameters }];
  });
}

function match(segments: readonly string[], actual: readonly string[]): ReadonlyMap<string, string> | undefined {
  if (segments.length !== actual.length) return undefined;
  const parameters = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const given = actual[index] ?? '';
    if (segment.startsWith('{')) parameters.set(segment.slice(1, -1), given);
    else if (segment !== given) return undefined;
  }
  return parameters;
}
