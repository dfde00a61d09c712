/** What else stands under some names, by the key as it is written or by the word of it that decides. */
export const OTHER_MEANINGS: ReadonlyMap<string, RegExp> = new Map([
  // Of shells: the folder that one is in, as a path of a machine from its root or from somebody's home.
  [
    'PWD',
    /^(?:\/(?:home|Users|root|tmp|var|usr|opt|etc|srv|mnt|media|data|workspaces?|work|apps?|src|builds?|code|go|github|private|run|proc|dev|snap|nix|Volumes|System|Library|sys)?(?:\/[^;]*)?|~(?:\/[^;]*)?|[A-Za-z]:\\[^;]*)$/,
  ],
  // Of HTML: a key of the keyboard.
  ['accesskey', /^.$/],
  ['access_key', /^.$/],
  // Of stat(1): when a file was made.
  ['birth', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4}/],
  // Of lists of headers: the number of one.
  ['authorization', /^\d{1,4}$/],
])
