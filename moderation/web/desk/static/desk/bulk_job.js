// Polls the progress of a bulk decision; reloads the page when it has ended.
const job = document.getElementById("desk");

async function poll() {
  try {
    const response = await fetch(job.dataset.progress, { headers: { Accept: "application/json" } });
    const progress = await response.json();
    document.getElementById("job-bar").value = progress.processed;
    document.getElementById("job-message").textContent = progress.message;
    if (progress.state !== "running") return location.reload();
  } catch {
    // The next poll may reach the server again.
  }
  setTimeout(poll, 1500);
}

if (job.dataset.state === "running") setTimeout(poll, 800);
