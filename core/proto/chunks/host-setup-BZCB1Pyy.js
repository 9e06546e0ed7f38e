export { t as hostSetup, i as reportMissingFolders } from "./host-setup-cGAcFzJm.js";
