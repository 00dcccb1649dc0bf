// Is this what was predicted? A function in a prediction is asked about the
// value in its place; everything else must be equal, field by field.

/** Where and how the value differs from the prediction; null if it does not. */
export function difference(expected, actual, path = "") {
  const differs = () => `${path || "it"}: ${JSON.stringify(actual)} instead of ${told(expected)}`;
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

const told = (expected) =>
  typeof expected === "function" ? expected.name : JSON.stringify(expected);

/** Every cell in a JSON value, wherever it stands. */
export function cellsIn(value) {
  if (value === null || typeof value !== "object") return [];
  const here = Number.isInteger(value.row) && Number.isInteger(value.col) ? [value] : [];
  return [...here, ...Object.values(value).flatMap(cellsIn)];
}
