// What the pages do by themselves. Without this script they refresh themselves, and everything else is a form.
'use strict';

// Follows what the page waits for. The number pages go on by loading themselves again; the page with the QR code
// only says that the phone is connected, so that nothing moves under the reader.
const status = document.querySelector('#status[data-events]');
if (status && status.dataset.standing === 'PENDING') {
  const events = new EventSource(status.dataset.events);
  events.addEventListener('status', (event) => {
    const standing = JSON.parse(event.data).status;
    if (standing === 'PENDING' || standing === 'TOO_MANY_CONNECTIONS') return;
    events.close();
    if (standing === 'APPROVED' && status.dataset.approved) {
      status.textContent = status.dataset.approved;
      status.dataset.standing = standing;
    } else {
      location.replace(location.pathname);
    }
  });
}

// Copies the text of a field.
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    document.getElementById('copied').textContent = button.dataset.copied;
  });
}
