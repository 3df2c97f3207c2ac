/** The part of seek-bzip that is used; the package brings no types. */
declare module 'seek-bzip' {
  interface Sink {
    writeByte(byte: number): void
  }
  const decoder: { decode(input: Uint8Array, output: Sink): void }
  export default decoder
}
