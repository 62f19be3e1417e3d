// Follows a bulk decision while it runs; the page is loaded anew when it has ended.
const job = document.getElementById("desk");

async function look() {
  try {
    const answer = await fetch(job.dataset.progress, { headers: { Accept: "application/json" } });
    const told = await answer.json();
    document.getElementById("job-bar").value = told.seen;
    document.getElementById("job-words").textContent = told.words;
    if (told.state !== "running") return location.reload();
  } catch {
    // The next look may reach the server again.
  }
  setTimeout(look, 1500);
}

if (job.dataset.state === "running") setTimeout(look, 800);
