// A text leaves the phone: through the device's own sharing, or copied. Where the clipboard is closed, selected for the hand.

/** Whether the device offers to share a text (Zalo among its choices). */
export const canShare = () => Boolean(navigator.share);

/** True when the person sent it somewhere; false when they thought better of it or it did not work. */
export async function shareText(text) {
  try {
    await navigator.share({ text });
    return true;
  } catch {
    return false;
  }
}

/** Copy a text; true when it is on the clipboard, false when the person has to copy the (now selected) `area` by hand. */
export async function copyText(text, area) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    area.hidden = false;
    area.value = text;
    area.focus();
    area.select();
    return document.execCommand("copy");
  }
}

/** Hand a file to the person: shared where files can be, else downloaded. */
export async function giveFile(name, text, type = "application/json") {
  const file = new File([text], name, { type });
  if (/iPhone|iPad/.test(navigator.userAgent) && navigator.canShare?.({ files: [file] })) {
    await navigator.share({ files: [file] }).catch(() => {});
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
