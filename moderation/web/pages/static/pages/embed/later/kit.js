/** What the first bundle shares with this one, handed over when this one is loaded. */
export let ApiError, action, alertBox, explain, focusOn, interpolate, linkTo, make, setHtml, stateOf, storage, tellOwner;

export function use(kit) {
  ({ ApiError, action, alertBox, explain, focusOn, interpolate, linkTo, make, setHtml, stateOf, storage, tellOwner } = kit);
}
