/**
 * Settles the engine for runs of seconds; imported first by every program.
 *
 * Node 20's V8 optimises a function after so few rounds that it throws much of that work away again: with twice its budget the first pass
 * over the 605 recorded inputs takes three quarters of the time, and nothing that runs longer is slower (`npm run bench`). Later
 * engines compile in more steps, know no such budget, and are left alone.
 */
import { setFlagsFromString } from 'node:v8'

if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=264000')
