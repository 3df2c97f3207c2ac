/** Faults of whole nodes: loss of power, a freeze, a panic, a sudden reboot, and a node that is switched on. */
import { cutPower, hangNode, panicNode, powerOn, resetNode, resumeNode } from '../world/node.ts'
import { type Fault, nodeParameter, textOf } from './contract.ts'

/** Power goes; with `for`, it comes back and the node boots. */
export const nodeCrash: Fault = {
  name: 'node-crash',
  about:
    'A node loses power: everything on it ends at once. With `for`, power comes back after that time and the node boots.',
  parameters: [nodeParameter('the node that loses power')],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'node')],
    text: `${textOf(occurrence, 'node')} loses power`,
  }),
  begin: (world, context, occurrence) => {
    const node = textOf(occurrence, 'node')
    cutPower(world, context, node, `${node} is without power`)
  },
  end: (world, context, occurrence) => powerOn(world, context, textOf(occurrence, 'node')),
}

/** Nothing runs, nothing is lost. */
export const nodeHang: Fault = {
  name: 'node-hang',
  about:
    'A node freezes: nothing runs on it and nothing is lost. With `for`, it goes on after that time as if nothing had been.',
  parameters: [nodeParameter('the node that freezes')],
  lasting: true,
  describe: (occurrence) => ({ targets: [textOf(occurrence, 'node')], text: `${textOf(occurrence, 'node')} freezes` }),
  begin: (world, context, occurrence) => {
    const node = textOf(occurrence, 'node')
    hangNode(world, context, node, `${node} stands still`)
  },
  end: (world, context, occurrence) => resumeNode(world, context, textOf(occurrence, 'node')),
}

/** The kernel dies; power stays on. */
export const nodePanic: Fault = {
  name: 'node-panic',
  about: 'The kernel of a node panics and stays there: nothing runs, nothing answers, power is on.',
  parameters: [nodeParameter('the node whose kernel panics')],
  lasting: false,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'node')],
    text: `the kernel of ${textOf(occurrence, 'node')} panics`,
  }),
  begin: (world, context, occurrence) => {
    const node = textOf(occurrence, 'node')
    panicNode(world, context, node, `${node} has panicked and stands still`)
  },
}

/** A reset; the node boots at once. */
export const nodeReboot: Fault = {
  name: 'node-reboot',
  about: 'A node is reset and boots: no goodbye to its peers, and gone only as long as a boot takes.',
  parameters: [nodeParameter('the node that is reset')],
  lasting: false,
  describe: (occurrence) => ({ targets: [textOf(occurrence, 'node')], text: `${textOf(occurrence, 'node')} is reset` }),
  begin: (world, context, occurrence) => {
    const node = textOf(occurrence, 'node')
    resetNode(world, context, node, `${node} is reset and boots`)
  },
}

/** A node that was off gets power. */
export const nodeBoot: Fault = {
  name: 'node-boot',
  about: 'A node that was off is switched on and boots.',
  parameters: [nodeParameter('the node that is switched on')],
  lasting: false,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'node')],
    text: `${textOf(occurrence, 'node')} is switched on`,
  }),
  begin: (world, context, occurrence) => powerOn(world, context, textOf(occurrence, 'node')),
}
