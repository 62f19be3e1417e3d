// Says on the page what became of a passkey; the library says it on the console.
document.addEventListener('allauth.error', event => {
  const place = document.getElementById('passkey_error')
  if (!place) return
  event.preventDefault()
  place.hidden = false
  place.textContent = window.PublicKeyCredential
    ? 'That did not work. Try again, or take another way.'
    : 'This browser knows no passkeys here. They need HTTPS, or localhost.'
})
