/* What a clock reads at an instant, from the server's last answer and the moves it does not know yet. Pure. */

const BECOMES = { start: "running", pause: "paused", incident: "incident", resume: "running", end: "ended" };

export const isCounting = (clock) => clock.state === "running" || clock.state === "incident";

/** `clock`, `seconds` later. */
export function later(clock, seconds) {
  if (!isCounting(clock) || seconds <= 0) return clock;
  const phases = clock.phases.map((phase, rank) =>
    rank === clock.phase ? { ...phase, elapsed: phase.elapsed + seconds } : phase,
  );
  return { ...clock, phases };
}

/** `clock` after a move that the server has not confirmed yet. */
export function moved(clock, { move, minutes }) {
  if (move === "extra") {
    const phases = clock.phases.map((phase, rank) =>
      rank === clock.phase ? { ...phase, planned: phase.planned + minutes * 60 } : phase,
    );
    return { ...clock, phases, to_give_back: Math.max(0, clock.to_give_back - minutes) };
  }
  if (move === "next_phase") return { ...clock, phase: Math.min(clock.phase + 1, clock.phases.length - 1) };
  return { ...clock, state: BECOMES[move] };
}

/** What is to be shown `age` seconds after the answer, given the moves that wait (each `ago` seconds old). */
export function shown(answer, age, waiting) {
  let clock = answer;
  let reached = age; // seconds before now that `clock` stands at
  for (const each of waiting) {
    const ago = Math.min(each.ago, reached);
    clock = moved(later(clock, reached - ago), each);
    reached = ago;
  }
  return later(clock, reached);
}

/** "26:40": minutes and seconds; what is left is rounded up, what is over is rounded down. */
export function figures(seconds, round) {
  const whole = Math.max(0, round(seconds));
  const part = (value) => String(value).padStart(2, "0");
  return `${part(Math.floor(whole / 60))}:${part(whole % 60)}`;
}
