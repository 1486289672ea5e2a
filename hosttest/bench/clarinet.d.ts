/** The part of clarinet that the benchmark uses; the package has no types. */
declare module 'clarinet' {
  interface Parser {
    onvalue: (value: string | number | boolean | null) => void;
    onopenarray: () => void;
    onclosearray: () => void;
    onerror: (error: Error) => void;
    write(text: string): Parser;
    /** Ends the document; the parser is then ready for another. */
    close(): Parser;
  }

  const clarinet: { parser(): Parser };
  export default clarinet;
}
