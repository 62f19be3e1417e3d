// Tells the server the viewer's time zone, in which the desk then shows all times.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const cookie = `desk_time_zone=${encodeURIComponent(zone)}`;
if (zone && !document.cookie.split("; ").includes(cookie)) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}; path=/; max-age=31536000; samesite=lax${secure}`;
}
