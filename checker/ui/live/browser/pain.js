// The moments at which it hurt: each is told until the server has it, also over a lost connection.

export class PainMarks {
  // `tell`: sends a message where there is a connection.
  constructor(tell) {
    Object.assign(this, { tell, waiting: new Set() });
  }

  // Now; seconds of the clock that the pictures have, too.
  add() {
    const time = performance.now() / 1000;
    this.waiting.add(time);
    this.tell({ type: "pain", time });
  }

  kept(time) {
    this.waiting.delete(time);
  }

  // How many the server has not heard of.
  get unheard() {
    return this.waiting.size;
  }

  again() {
    for (const time of this.waiting) this.tell({ type: "pain", time });
  }
}
