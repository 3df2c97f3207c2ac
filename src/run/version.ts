/** Quorate's version, as traces carry it. A test holds it equal to package.json. */

export const VERSION = '0.1.0'
