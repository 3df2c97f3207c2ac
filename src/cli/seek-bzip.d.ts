/** The part of seek-bzip that is used; the package brings no types. */
declare module 'seek-bzip' {
  const decoder: { decode(input: Uint8Array): Uint8Array }
  export default decoder
}
