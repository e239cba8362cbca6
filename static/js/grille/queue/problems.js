/* What a CE says when something is to be settled, beside it and in the index. */

const BLAMED = "queue-problem";

function element(tag, text, className) {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  if (className) node.className = className;
  return node;
}

/** Make the box of a CE ready to be heard by a screen reader when it is filled. */
export function prepare(box) {
  box.setAttribute("role", "alert");
  box.id = `probleme-${box.closest(".ce").dataset.critere}`;
  box.hidden = false;
}

/** Fill the box for `mark`; `compare()` opens the choice between both values. */
export function showProblem(box, mark, fields, compare) {
  const { lines, button } = saying(mark);
  const said = lines.join("\n");
  blame(box, mark, fields);
  if (box.dataset.said === said) return;
  box.dataset.said = said;
  box.replaceChildren(...lines.map((line) => element("p", line)));
  if (!button) return;
  const open = element("button", button, "button");
  open.type = "button";
  open.addEventListener("click", compare);
  const actions = element("div", "", "actions");
  actions.append(open);
  box.append(actions);
}

function saying({ problem, held }) {
  if (problem?.kind === "stale") return { lines: [problem.detail], button: "Comparer et choisir" };
  if (problem) return { lines: [problem.detail] };
  const refused = Object.values(held).map(({ detail }) => detail);
  if (!refused.length) return { lines: [] };
  return { lines: [...refused, "Le reste est enregistré sans ce texte, qui est gardé ici jusqu’à sa correction."] };
}

function blame(box, { held }, fields) {
  for (const field of ["comment", "private_note", "questions"]) {
    const control = fields.text(field);
    if (!control) continue;
    if (field in held) {
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", box.id);
      control.closest("details")?.setAttribute("open", "");
    } else if (control.getAttribute("aria-describedby") === box.id) {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
    }
  }
}

/** Flag in the index the compétences that hold a CE to settle. */
export function flagIndex(grille) {
  for (const sheet of grille.querySelectorAll("[data-competence]")) {
    const link = grille.querySelector(`[data-index="${sheet.dataset.competence}"]`);
    const troubled = sheet.querySelector('.ce[data-state="conflict"], .ce[data-state="refused"]');
    const flag = link.querySelector(`.${BLAMED}`);
    if (troubled && !flag) {
      const words = element("span", "à résoudre", `${BLAMED} small`);
      link.append(words);
    }
    if (!troubled) flag?.remove();
    link.hash = troubled ? `#${troubled.id}` : `#${sheet.id}`;
  }
}
