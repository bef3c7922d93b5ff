// The connection to the server: few frames under way, and back again after it was lost.

const PROTOCOL = "backcheck";
const MOST_UNDER_WAY = 2; // more would only wait in line and make the answers old
const PAUSES_MS = [100, 200, 400, 700, 1000];
const OPENS_WITHIN_MS = 5000;
const GIVE_UP_MS = 20_000;
const LOST_MS = 4000; // an answer that takes longer is not waited for any more

const CONCLUDED = 4410; // the server has judged what was seen, since nothing more came
const GONE = 4404;

const FINAL = {
  1008: "The server could not understand this browser.",
  1009: "The server could not take a picture of that size.",
  4500: "Something went wrong in the checker.", // 1011 is its pings that were not answered: one comes back from there
  [GONE]: "The server does not know this session any more.",
  4409: "This session was opened in another tab.",
  4429: "This computer follows as many people as it can at the moment. Try again when one of them has finished.",
};

export class Link {
  // `on`: {answer(message), lost(), back(), concluded(), ended(why, whether the session is still there)}
  constructor(address, token, on) {
    Object.assign(this, { address, token, on, tries: 0, closed: false, sent: new Map() });
    this.connect();
  }

  connect() {
    const socket = new WebSocket(this.address, [PROTOCOL, this.token]); // not in the address, which others note
    this.socket = socket;
    const slow = setTimeout(() => socket.close(), OPENS_WITHIN_MS);
    socket.addEventListener("open", () => {
      clearTimeout(slow);
      this.tries = 0;
      this.lostAt = undefined;
      this.on.back();
    });
    socket.addEventListener("message", (event) => this.receive(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => socket === this.socket && this.lose(event.code));
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  get hasRoom() {
    const tooOld = performance.now() - LOST_MS;
    for (const [id, { at }] of this.sent) if (at < tooOld) this.sent.delete(id);
    return this.isOpen && this.sent.size < MOST_UNDER_WAY;
  }

  send({ id, time, message }) {
    if (!this.isOpen) return;
    this.sent.set(id, { at: performance.now(), time });
    this.socket.send(message);
  }

  // Whether it was sent.
  tell(message) {
    if (this.isOpen) this.socket.send(JSON.stringify(message));
    return this.isOpen;
  }

  receive(answer) {
    const about = this.sent.get(answer.id);
    this.sent.delete(answer.id);
    this.on.answer({ ...answer, capturedAt: about?.time }); // seconds of the browser's own clock
  }

  lose(code) {
    this.sent.clear();
    if (this.closed) return;
    if (code === CONCLUDED) {
      this.closed = true;
      this.on.concluded();
      return;
    }
    this.lostAt ??= performance.now();
    if (FINAL[code] || performance.now() - this.lostAt > GIVE_UP_MS) {
      this.closed = true;
      this.on.ended(FINAL[code] ?? "The server does not answer any more.", code !== GONE);
      return;
    }
    this.on.lost();
    this.waiting = setTimeout(() => this.connect(), PAUSES_MS[Math.min(this.tries, PAUSES_MS.length - 1)]);
    this.tries += 1;
  }

  // A connection over which nothing comes any more is made anew.
  reconnect() {
    if (this.closed || !this.isOpen) return;
    const dead = this.socket;
    this.socket = undefined; // its own closing may take long, and is not waited for
    dead.close(4000);
    this.lose();
  }

  close() {
    this.closed = true;
    clearTimeout(this.waiting);
    this.socket?.close(1000);
  }
}
