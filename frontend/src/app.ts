import "./icon.svg";
import { page } from "./page";
import { workbook } from "./workbook";

page();
workbook();
