// What the page mounts. The rest is loaded as modules from the server that served the page.

const visits = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".bcl");
  let visit = visits.get(root);
  if (!visit) visits.set(root, (visit = { open: load(root, data, setTriggerValue) }));
  return () => {
    visits.delete(root);
    visit.open.then((opened) => opened?.close());
  };
}

async function load(root, data, tell) {
  try {
    const { open } = await import(new URL(`${data.modules}/visit.js`, location.href).href);
    if (root.isConnected) return open(root, data, tell);
  } catch (error) {
    console.error(error);
    root.querySelector(".bcl-problem").textContent =
      "The camera page could not be loaded completely. Reload the page to try again.";
    root.dataset.stage = "broken";
  }
  return undefined;
}
