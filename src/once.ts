/**
 * What is made of an object is made once, for as long as the object lives. For objects that never change: what is remembered depends on
 * the argument alone, so the functions stay pure.
 */
export function once<Of extends object, Made>(make: (of: Of) => Made): (of: Of) => Made {
  const known = new WeakMap<Of, { readonly made: Made }>()
  return of => {
    const before = known.get(of)
    if (before !== undefined) return before.made
    const made = make(of)
    known.set(of, { made })
    return made
  }
}
