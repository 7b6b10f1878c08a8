/** The emulator's faults of the proof and how likely each meets a request: together one in ten. */
export const FAULTS = /** @type {const} */ ([
  [{ kind: 'systemError' }, 0.025],
  [{ kind: 'loseReply' }, 0.025],
  [{ kind: 'unsigned' }, 0.025],
  [{ kind: 'reset', at: 'beforeProcessing' }, 0.024],
  // Few, since each halves the pace of closes.
  [{ kind: 'throttle' }, 0.001],
]);
