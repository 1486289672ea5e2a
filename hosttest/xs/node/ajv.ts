/** Checks nothing: that all a client sends fits its schema is proven under Node, by the same tests. */
export class Ajv {
  compile(): () => boolean {
    return () => true;
  }
}
