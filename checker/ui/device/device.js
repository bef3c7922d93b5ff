// The browser's memory for the page's Python: tells what was remembered, and stores what is new.

export default function ({ data, setStateValue }) {
  serve(data, setStateValue).catch((error) => console.warn(error)); // nothing is remembered then, nothing else changes
}

async function serve({ modules, whose, ask, mirrored }, tell) {
  const { recallMirrored, rememberMirrored } = await import(new URL(`${modules}/memory.js`, location.href).href);
  if (ask) tell("recalled", recallMirrored(whose) === "yes" ? "yes" : "no");
  else if (mirrored !== null) rememberMirrored(whose, mirrored ? "yes" : "no");
}
