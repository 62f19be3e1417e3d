/** The stylesheet of all sections: thread.css, minified; the build defines it. */
export const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLES);

export const addStyles = (more) => SHEET.replaceSync(STYLES + more);
