// Clears the screen when its login is over, or is another's: a page that is left open shows nothing of anybody then.

const EVERY_MS = 10_000;
const LONGEST_MS = 2 * 3600 * 1000; // that somebody moves before a page and presses nothing

export default function ({ data }) {
  const { path, handle, busy } = data;
  const until = performance.now() + LONGEST_MS;
  const timer = setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);

  async function look() {
    if (document.hidden) return;
    let answer;
    try {
      answer = await fetch(busy && performance.now() < until ? `${path}?busy` : path, { cache: "no-store" });
    } catch {
      return; // the server is away: nothing is known
    }
    if (answer.status === 403 || (answer.ok && (await answer.text()) !== handle)) location.replace("/");
  }

  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
