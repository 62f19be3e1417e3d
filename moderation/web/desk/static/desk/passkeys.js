// Says on the page what became of a passkey; the library says it on the console.
document.addEventListener('allauth.error', event => {
  const place = document.getElementById('passkey_error')
  if (!place) return
  event.preventDefault()
  place.hidden = false
  // Of a page without HTTPS, or at a number in place of a name.
  const isHere = window.PublicKeyCredential && event.detail.exception?.name !== 'SecurityError'
  place.textContent = isHere ? place.dataset.failed : place.dataset.impossible
})
