import "./icon.svg";
import { followCopy, showCopy } from "./copy";
import { arrive } from "./drafts";
import { news } from "./news";
import { registerWorker } from "./offline";
import { page } from "./page";
import { panels } from "./panel";
import { tellWhatWaits } from "./waiting";
import { workbook } from "./workbook";

arrive();
page();
news();
panels();
showCopy();
workbook();
followCopy();
tellWhatWaits();
registerWorker();
