/** The one generator that we use, imported by itself: the package's main module reaches for the host's entropy. */
declare module 'seedrandom/lib/alea.js' {
  interface State {
    readonly c: number
    readonly s0: number
    readonly s1: number
    readonly s2: number
  }
  interface Generator {
    (): number
    state(): State
  }
  export default function alea(seed: string, options: { readonly state: State | true }): Generator
}
