import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';

/** Not optimized: that takes longer than it saves in the life of a host program. */
const OPTIONS: Options = {
  strict: true,
  allowUnionTypes: true,
  discriminator: true,
  verbose: true,
  code: { optimize: false },
};

/** Where a value breaks its schema: a JSON pointer, and what is wrong there. */
export interface SchemaError {
  readonly pointer: string;
  readonly text: string;
}

/** A schema, ready to check values. @returns the first error, or undefined where the value fits. */
export type SchemaCheck = (value: unknown) => SchemaError | undefined;

/** The check is compiled when it is first used: that takes longer than to start the rest of a program which never uses it. */
export function checkOf(schema: object): SchemaCheck {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= new Ajv(OPTIONS).compile(schema);
    if (validate(value)) return undefined;
    const error = validate.errors?.[0];
    return error ? { pointer: error.instancePath, text: explain(error) } : { pointer: '', text: 'does not fit' };
  };
}

/** The error on one line: the pointer and the text, or the text alone for the outermost value. */
export function schemaErrorLine({ pointer, text }: SchemaError): string {
  return pointer ? `${pointer}: ${text}` : text;
}

function explain(error: ErrorObject): string {
  const text = explainKeyword(error);
  return error.propertyName === undefined ? text : `member name ${JSON.stringify(error.propertyName)}: ${text}`;
}

function explainKeyword({ keyword, params, message, parentSchema }: ErrorObject): string {
  switch (keyword) {
    case 'additionalProperties':
      return `unknown member ${JSON.stringify(params.additionalProperty)}`;
    case 'required':
      return `member ${JSON.stringify(params.missingProperty)} is missing`;
    case 'enum':
      return `expected one of ${params.allowedValues.join(', ')}`;
    case 'discriminator':
      return `unknown ${params.tag} ${JSON.stringify(params.tagValue)}`;
    case 'type':
      return `expected ${[params.type].flat().join(' or ')}`;
    case 'pattern':
      return `expected ${parentSchema?.description}`;
    default:
      return message ?? keyword;
  }
}
