import "./chunks/main-DS4x5uUc.js";
export {};
