/** TLS as strict as can be. Both stand here in so many words, since the environment can weaken Node's defaults. */
export const STRICT_TLS = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;
