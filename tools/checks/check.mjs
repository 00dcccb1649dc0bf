// Runs and counts checks: prints a line for each, and the totals at the end.

const counts = { passed: 0, failed: 0 };

/** Runs a check; returns whether it passed. @param {string} name @param {() => Promise<unknown>} run */
export async function check(name, run) {
  try {
    await run();
    counts.passed += 1;
    console.log(`ok      ${name}`);
    return true;
  } catch (error) {
    counts.failed += 1;
    const why = String(/** @type {Error} */ (error)?.stack ?? error);
    console.log(`FAILED  ${name}\n        ${why.replaceAll("\n", "\n        ")}`);
    return false;
  }
}

/** Prints the totals; returns the exit code. @param {number} [expected] The number of checks that must have run. */
export function finish(expected) {
  const { passed, failed } = counts;
  const ran = passed + failed;
  const all = ran > 0 && ran === (expected ?? ran);
  if (!all) console.log(`FAILED  there are ${expected ?? "no"} checks, and ${ran} ran`);
  console.log(`${passed} passed, ${failed + Number(!all)} failed`);
  return failed === 0 && all ? 0 : 1;
}
