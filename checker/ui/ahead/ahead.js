// Fetches the code of charts while the page is read, so that a chart opened later need not wait for it.

export default function ({ data }) {
  const later = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 1000));
  later(() => import(new URL(data.url, location.origin)).catch(() => {}));  // it is only sooner: the chart fetches it by itself as well
}
