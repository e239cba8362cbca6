/* The last resort: what waits leaves as a sealed file, and comes back through the server, which checks it whole (R-SCO-3). */

import { postFile } from "./server.js";
import { several } from "./words.js";

const FORMAT = "parchemin/saisies-en-attente";
const VERSION = 1;
const LIMIT = 1_000_000; // characters; the server has the last word

/** Wire the buttons of `box` to `queue`. */
export function offerTransfer(box, queue, fileUrl) {
  const said = box.querySelector("[data-said]");
  const input = box.querySelector('input[type="file"]');
  box.querySelector("[data-export]").addEventListener("click", async () => {
    said.textContent = await exportFile(queue);
  });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    said.textContent = "Vérification du fichier…";
    said.textContent = await importFile(queue, fileUrl, file);
    input.value = "";
  });
}

async function exportFile(queue) {
  if (!queue.sealer) return "La clé de cette grille n’est pas encore arrivée : le fichier ne peut pas être fait maintenant.";
  const entries = await queue.everythingWaiting();
  if (!entries.length) return "Rien n’attend : tout est enregistré.";
  const { soutenance, grille, person, sealer } = queue;
  const header = { format: FORMAT, version: VERSION, soutenance, grille, person, created_at: new Date().toISOString(), key: sealer.newest };
  const { iv, data } = await sealer.seal(entries, Object.values(header).join("\n"));
  const address = URL.createObjectURL(new Blob([JSON.stringify({ ...header, iv, data })], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `saisies-en-attente-${header.created_at.slice(0, 19).replaceAll(":", "-")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return `${several(entries.length, "saisie écrite", "saisies écrites")} dans le fichier. Elles restent aussi en attente ici.`;
}

async function importFile(queue, fileUrl, file) {
  if (!queue.sealer) return "La clé de cette grille n’est pas encore arrivée : réessayez dans un instant.";
  if (file.size > LIMIT) return "Ce fichier est trop volumineux pour être un fichier de saisies en attente.";
  const answer = await postFile(fileUrl, await file.text(), queue.grille);
  if (answer.kind === "refused") return answer.detail;
  if (answer.kind !== "stored") return "Le serveur n’a pas pu vérifier ce fichier : rien n’en a été repris. Réessayez une fois reconnecté.";
  await queue.takeIn(answer.entries);
  return `${several(answer.entries.length, "saisie reprise", "saisies reprises")} du fichier.`;
}
