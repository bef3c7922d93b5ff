// Scrolls to the top when it is put on the page, and never again.

export default function () {
  document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
}
