// Compares values with predictions. A function in a prediction must accept the
// value in its place; everything else must be equal, field by field.

/** Describes the first difference from the prediction, or returns null. */
export function difference(expected, actual, path = "") {
  const differs = () => `${path || "it"}: ${JSON.stringify(actual)} instead of ${describe(expected)}`;
  if (typeof expected === "function") return expected(actual) ? null : differs();
  if (expected === null || typeof expected !== "object") {
    return Object.is(expected, actual) ? null : differs();
  }
  if (actual === null || typeof actual !== "object") return differs();
  if (Array.isArray(expected) !== Array.isArray(actual)) return differs();
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const below = path ? `${path}.${name}` : name;
    if (!Object.hasOwn(actual, name)) return `${below} is missing`;
    if (!Object.hasOwn(expected, name)) return `${below} must not be there`;
    const found = difference(expected[name], actual[name], below);
    if (found) return found;
  }
  return null;
}

const describe = (expected) =>
  typeof expected === "function" ? expected.name : JSON.stringify(expected);

/** Every cell in a JSON value, at any depth. */
export function cellsIn(value) {
  if (value === null || typeof value !== "object") return [];
  const here = Number.isInteger(value.row) && Number.isInteger(value.col) ? [value] : [];
  return [...here, ...Object.values(value).flatMap(cellsIn)];
}
