import "./icon.svg";
import { arrive } from "./drafts";
import { page } from "./page";
import { workbook } from "./workbook";

arrive();
page();
workbook();
