// Reloads the page when the world has changed, but never under the hands of someone who writes.
"use strict";

(() => {
  const { version, versionUrl } = document.body.dataset;
  if (!versionUrl) return;

  const isWriting = () =>
    document.activeElement?.closest("form") != null ||
    [...document.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);

  setInterval(async () => {
    if (document.hidden || isWriting()) return;
    try {
      const answer = await fetch(versionUrl);
      const current = await answer.json();
      if (String(current.version) !== version && !isWriting()) location.reload();
    } catch {
      // The sandbox is stopped: the page stays as it is until it answers again.
    }
  }, 2000);
})();
