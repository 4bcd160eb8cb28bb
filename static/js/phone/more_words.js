// The sentences of the phone: the first screen's come with the page as JSON (../words.js), those of the others when one opens.
import { addWords } from "../words.js";

let asked = null;

/** Must have come before a module of another screen is imported. Throws where there is neither network nor worker yet. */
export function moreWords() {
  asked ??= fetch("/phone/words.json")
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new TypeError(`words answered ${answer.status}`))))
    .then(addWords)
    .catch((error) => {
      asked = null;
      throw error;
    });
  return asked;
}
