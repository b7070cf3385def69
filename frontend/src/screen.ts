// The projector of a workshop.
import { Projector } from "./screen/screen";

const base = document.body.dataset["screen"];
if (base) new Projector(base).start();
