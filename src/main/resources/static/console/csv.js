// The beginning of a CSV file, read as the server reads it: separators, missing values, types of columns.
const SAMPLE = 1 << 20; // bytes
export const MISSING = new Set(['', ...('#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,'
  + '<NA>,N/A,NA,NULL,NaN,None,n/a,nan,null').split(',')]);
const NUMBER = /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|\d{4}-\d\d-\d\d.*)$/i; // or a date
const ID = /(^|[\W_])(id|index)$|^unnamed: /i;
const TARGET = /^(target|label|class|species|y)$/i;

function parse(text, separator) {
  const end = `(${separator}|\r\n?|\n|$)`;
  const cells = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"?|([^${separator}\r\n]*))${end}`, 'gy');
  const rows = [[]];
  for (const [, quoted, plain, last] of text.matchAll(cells)) {
    rows.at(-1).push((plain ?? quoted.replaceAll('""', '"')).trim());
    if (last !== separator) {
      rows.push([]);
    }
  }
  return rows.filter(row => row.some(Boolean));
}

/** The names, the first rows, whether these are all (whole), and the decimal separator unless a point. */
export async function read(file) {
  const whole = file.size <= SAMPLE;
  const text = new TextDecoder().decode(await file.slice(0, SAMPLE).arrayBuffer());
  const header = text.split(/[\r\n]/, 1)[0].replace(/"[^"]*"/g, '');
  const [separator] = [',', ';', '\t'].sort((a, b) => header.split(b).length - header.split(a).length);
  const [names, ...rows] = parse(whole ? text : text.slice(0, text.lastIndexOf('\n')), separator);
  if (rows.length === 0 || text.includes('\0')) {
    throw new Error(`${file.name} is not a table of text with a line of names and a line for each row`);
  }
  const comma = separator !== ',' && /[;\t\n]-?\d+,\d+\s*[;\t\n]/.test(text);
  return { names, rows, whole, decimal: comma ? ',' : null };
}

/** The columns: type and why it is "ignore", the type that the server infers, gaps, distinct values. */
export function columnsOf({ names, rows, decimal }) {
  return names.map((name, index) => {
    const values = rows.map(row => row[index] ?? '').filter(cell => !MISSING.has(cell));
    const numbers = values.filter(cell => NUMBER.test(cell.replace(decimal ?? '.', '.')));
    const inferred = numbers.length >= 0.95 * values.length ? 'numeric' : 'categorical';
    const distinct = new Set(values).size;
    const integers = values.every(cell => /^[+-]?\d+$/.test(cell));
    const unique = distinct === rows.length && (inferred === 'categorical' || (integers && ID.test(name)));
    const reason = !name ? 'no name' : distinct === 0 ? 'no values' : unique ? 'different in every row' : '';
    return {
      name, inferred, reason, distinct, integers,
      type: reason ? 'ignore' : inferred,
      gaps: rows.length - values.length,
    };
  });
}

/** The column to predict, and why: [name, reason]. */
export function proposeTarget(columns) {
  const usable = columns.filter(({ name, distinct }) => name && distinct > 1);
  const named = usable.find(({ name }) => TARGET.test(name));
  return named ? [named.name, 'Proposed for its name'] : [usable.at(-1)?.name, 'Proposed as the last column'];
}

/** The task that the server infers from a target, and the one that is proposed. */
export function taskOf({ name, inferred, integers, distinct }) {
  const codes = integers && (distinct === 2 || (distinct <= 20 && TARGET.test(name)));
  const words = inferred === 'categorical';
  return {
    inferred: words ? 'classification' : 'regression',
    task: words || codes ? 'classification' : 'regression',
  };
}
