/** Bytes that are not the one flat `<xml>` document that APIv2 speaks. The message names the rule, never the content. */
export class MalformedXmlError extends Error {
  override readonly name = 'MalformedXmlError';
}
