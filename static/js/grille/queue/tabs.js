/* Several tabs on one grille: they tell each other what is stored, one sends at a time, and a dead one's rows are taken over. */

import { alone, uuid } from "./platform.js";

export class Tabs {
  /** `heard(message)` for what other tabs say; `died(tab)` when one that was seen is gone. */
  constructor(grille, { heard, died }) {
    this.grille = grille;
    this.own = uuid();
    this.died = died;
    this.watched = new Set([this.own]);
    this.channel = new BroadcastChannel(`parchemin-grille:${grille}`);
    this.channel.onmessage = ({ data }) => {
      if (data.hello || data.here) this.watch(data.tab);
      if (data.hello && this.isLive) this.tell({ here: true });
      heard(data);
    };
    this.live();
  }

  tell(message) {
    this.channel.postMessage({ ...message, tab: this.own });
  }

  /** Hold one's own name as long as this page lives: the browser lets go of it when the tab ends, however it ends. */
  live() {
    alone(this.nameOf(this.own), () => {
      this.isLive = true;
      this.tell({ hello: true }); // not before: who waits for a name that nobody holds believes its tab dead
      return new Promise((leave) => addEventListener("pagehide", leave, { once: true }));
    });
  }

  /** Wait, without blocking anything, for the end of another tab. */
  watch(tab) {
    if (this.watched.has(tab)) return;
    this.watched.add(tab);
    alone(this.nameOf(tab), () => this.died(tab)).catch(() => this.watched.delete(tab));
  }

  /** Only one tab sends at a time. */
  sending(work) {
    return alone(`parchemin-sending:${this.grille}`, work);
  }

  nameOf(tab) {
    return `parchemin-tab:${tab}`;
  }
}
