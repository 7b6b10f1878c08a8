/**
 * Imports a package that an application installs only if it chooses what needs it.
 *
 * @param name - of the package
 * @param entry - of its entry points, as it is imported
 * @returns the module, or `undefined` where it is not installed
 * @throws what the package throws while it loads
 */
export async function importOptional(name: string, entry = name): Promise<unknown> {
  try {
    // The name is a variable so that neither the compiler nor a bundler looks for a package that need not be there.
    const module: unknown = await import(entry);
    return module;
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
}

/** A package that is there, but lacks one of its own, is not missing. */
function isMissing(error: unknown, name: string): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return false;
  const isUnfound = error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND';
  return isUnfound && String(error.message).includes(`'${name}'`);
}
