// @ts-nocheck
/* eslint-disable */
/** Generated from plugin.schema.json by `npm run generate -w @plugboard/schemas`. Do not edit. */
export const validate = validate20;
const schema31 = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:plugboard:plugin.schema.json",
  type: "object",
  required: ["manifestVersion", "id", "version"],
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    manifestVersion: { const: 1 },
    id: {
      type: "string",
      pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
      patternErrorMessage:
        "has to consist of lower-case letters and digits, with single dots, hyphens or underscores between them",
      maxLength: 128,
    },
    version: {
      type: "string",
      pattern:
        "^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$",
      patternErrorMessage: "has to be a semantic version such as 1.2.0",
      maxLength: 256,
    },
    displayName: { type: "string" },
    description: { type: "string" },
    publisher: { type: "string" },
    license: { type: "string" },
    icon: { type: "string", minLength: 1 },
    keywords: { type: "array", items: { type: "string" } },
    repository: {
      type: ["string", "object"],
      required: ["url"],
      properties: { type: { type: "string" }, url: { type: "string" }, directory: { type: "string" } },
    },
    homepage: { type: "string" },
    engines: { type: "object", additionalProperties: false, properties: { plugboard: { type: "string" } } },
    main: {
      type: "string",
      minLength: 1,
      pattern: "\\.[cm]?[jt]s$",
      patternErrorMessage: "has to name a .js, .mjs, .cjs, .ts, .mts or .cts file",
    },
    runtime: {
      type: ["string", "object"],
      minLength: 1,
      required: ["kind"],
      properties: { kind: { type: "string", minLength: 1 } },
    },
    activationEvents: {
      type: "array",
      items: {
        type: "string",
        pattern: "^(?:\\*|[^\\s*]+(?::\\*)?)$",
        patternErrorMessage:
          "has to be an event name without blanks; * may stand alone or after a last colon",
      },
    },
    contributes: {
      type: "object",
      properties: {
        points: {
          type: "array",
          items: {
            type: "object",
            required: ["id"],
            additionalProperties: false,
            properties: {
              id: {
                type: "string",
                pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
                patternErrorMessage:
                  "has to consist of lower-case letters and digits, with single dots, hyphens or underscores between them",
              },
              schema: { type: "string", minLength: 1 },
              methods: { type: "object", additionalProperties: { type: "integer", minimum: 0, maximum: 8 } },
              activationEvent: {
                type: "string",
                pattern: "^[^\\s*:]+$",
                patternErrorMessage: "has to be an event name without blanks, colons or *",
              },
            },
          },
        },
      },
      additionalProperties: { type: ["array", "object"] },
    },
    extensionDependencies: {
      type: ["object", "array"],
      propertyNames: {
        pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
        patternErrorMessage: "has to be the id of an extension",
      },
      additionalProperties: { type: "string" },
      items: {
        type: "string",
        pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
        patternErrorMessage: "has to be the id of an extension",
      },
    },
    optionalExtensionDependencies: {
      type: ["object", "array"],
      propertyNames: {
        pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
        patternErrorMessage: "has to be the id of an extension",
      },
      additionalProperties: { type: "string" },
      items: {
        type: "string",
        pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
        patternErrorMessage: "has to be the id of an extension",
      },
    },
    update: { enum: ["beside", "replace"] },
    watch: { type: "array", items: { type: "string", minLength: 1 } },
    services: { type: "array", items: { type: "string", minLength: 1 } },
    capabilities: {
      type: "object",
      properties: {
        fs: {
          type: "object",
          properties: {
            read: { type: "array", items: { type: "string" } },
            write: { type: "array", items: { type: "string" } },
          },
        },
        net: { type: ["array", "boolean"], items: { type: "string" } },
        env: { type: ["array", "boolean"], items: { type: "string" } },
        childProcess: { type: "boolean" },
        workers: { type: "boolean" },
        addons: { type: "boolean" },
        wasi: { type: "boolean" },
      },
    },
    group: { type: "string", minLength: 1 },
  },
};
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^[a-z0-9]+(?:[._-][a-z0-9]+)*$", "u");
const pattern5 = new RegExp(
  "^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$",
  "u",
);
const pattern6 = new RegExp("\\.[cm]?[jt]s$", "u");
const pattern7 = new RegExp("^(?:\\*|[^\\s*]+(?::\\*)?)$", "u");
const pattern9 = new RegExp("^[^\\s*:]+$", "u");
function validate20(
  data,
  { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {},
) {
  /*# sourceURL="urn:plugboard:plugin.schema.json" */ let vErrors = null;
  let errors = 0;
  const evaluated0 = validate20.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = undefined;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = undefined;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.manifestVersion === undefined) {
      const err0 = {
        instancePath,
        schemaPath: "#/required",
        keyword: "required",
        params: { missingProperty: "manifestVersion" },
        message: "must have required property '" + "manifestVersion" + "'",
        schema: schema31.required,
        parentSchema: schema31,
        data,
      };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.id === undefined) {
      const err1 = {
        instancePath,
        schemaPath: "#/required",
        keyword: "required",
        params: { missingProperty: "id" },
        message: "must have required property '" + "id" + "'",
        schema: schema31.required,
        parentSchema: schema31,
        data,
      };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.version === undefined) {
      const err2 = {
        instancePath,
        schemaPath: "#/required",
        keyword: "required",
        params: { missingProperty: "version" },
        message: "must have required property '" + "version" + "'",
        schema: schema31.required,
        parentSchema: schema31,
        data,
      };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func1.call(schema31.properties, key0)) {
        const err3 = {
          instancePath,
          schemaPath: "#/additionalProperties",
          keyword: "additionalProperties",
          params: { additionalProperty: key0 },
          message: "must NOT have additional properties",
          schema: false,
          parentSchema: schema31,
          data,
        };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.$schema !== undefined) {
      let data0 = data.$schema;
      if (typeof data0 !== "string") {
        const err4 = {
          instancePath: instancePath + "/$schema",
          schemaPath: "#/properties/%24schema/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.$schema.type,
          parentSchema: schema31.properties.$schema,
          data: data0,
        };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.manifestVersion !== undefined) {
      let data1 = data.manifestVersion;
      if (1 !== data1) {
        const err5 = {
          instancePath: instancePath + "/manifestVersion",
          schemaPath: "#/properties/manifestVersion/const",
          keyword: "const",
          params: { allowedValue: 1 },
          message: "must be equal to constant",
          schema: 1,
          parentSchema: schema31.properties.manifestVersion,
          data: data1,
        };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.id !== undefined) {
      let data2 = data.id;
      if (typeof data2 === "string") {
        if (data2.length > 128) {
          const err6 = {
            instancePath: instancePath + "/id",
            schemaPath: "#/properties/id/maxLength",
            keyword: "maxLength",
            params: { limit: 128 },
            message: "must NOT have more than 128 characters",
            schema: 128,
            parentSchema: schema31.properties.id,
            data: data2,
          };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
        if (!pattern4.test(data2)) {
          const err7 = {
            instancePath: instancePath + "/id",
            schemaPath: "#/properties/id/pattern",
            keyword: "pattern",
            params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
            message: 'must match pattern "' + "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" + '"',
            schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
            parentSchema: schema31.properties.id,
            data: data2,
          };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
      } else {
        const err8 = {
          instancePath: instancePath + "/id",
          schemaPath: "#/properties/id/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.id.type,
          parentSchema: schema31.properties.id,
          data: data2,
        };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.version !== undefined) {
      let data3 = data.version;
      if (typeof data3 === "string") {
        if (data3.length > 256) {
          const err9 = {
            instancePath: instancePath + "/version",
            schemaPath: "#/properties/version/maxLength",
            keyword: "maxLength",
            params: { limit: 256 },
            message: "must NOT have more than 256 characters",
            schema: 256,
            parentSchema: schema31.properties.version,
            data: data3,
          };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
        if (!pattern5.test(data3)) {
          const err10 = {
            instancePath: instancePath + "/version",
            schemaPath: "#/properties/version/pattern",
            keyword: "pattern",
            params: {
              pattern:
                "^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$",
            },
            message:
              'must match pattern "' +
              "^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$" +
              '"',
            schema:
              "^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$",
            parentSchema: schema31.properties.version,
            data: data3,
          };
          if (vErrors === null) {
            vErrors = [err10];
          } else {
            vErrors.push(err10);
          }
          errors++;
        }
      } else {
        const err11 = {
          instancePath: instancePath + "/version",
          schemaPath: "#/properties/version/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.version.type,
          parentSchema: schema31.properties.version,
          data: data3,
        };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.displayName !== undefined) {
      let data4 = data.displayName;
      if (typeof data4 !== "string") {
        const err12 = {
          instancePath: instancePath + "/displayName",
          schemaPath: "#/properties/displayName/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.displayName.type,
          parentSchema: schema31.properties.displayName,
          data: data4,
        };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.description !== undefined) {
      let data5 = data.description;
      if (typeof data5 !== "string") {
        const err13 = {
          instancePath: instancePath + "/description",
          schemaPath: "#/properties/description/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.description.type,
          parentSchema: schema31.properties.description,
          data: data5,
        };
        if (vErrors === null) {
          vErrors = [err13];
        } else {
          vErrors.push(err13);
        }
        errors++;
      }
    }
    if (data.publisher !== undefined) {
      let data6 = data.publisher;
      if (typeof data6 !== "string") {
        const err14 = {
          instancePath: instancePath + "/publisher",
          schemaPath: "#/properties/publisher/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.publisher.type,
          parentSchema: schema31.properties.publisher,
          data: data6,
        };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.license !== undefined) {
      let data7 = data.license;
      if (typeof data7 !== "string") {
        const err15 = {
          instancePath: instancePath + "/license",
          schemaPath: "#/properties/license/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.license.type,
          parentSchema: schema31.properties.license,
          data: data7,
        };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
    }
    if (data.icon !== undefined) {
      let data8 = data.icon;
      if (typeof data8 === "string") {
        if (data8.length < 1) {
          const err16 = {
            instancePath: instancePath + "/icon",
            schemaPath: "#/properties/icon/minLength",
            keyword: "minLength",
            params: { limit: 1 },
            message: "must NOT have fewer than 1 characters",
            schema: 1,
            parentSchema: schema31.properties.icon,
            data: data8,
          };
          if (vErrors === null) {
            vErrors = [err16];
          } else {
            vErrors.push(err16);
          }
          errors++;
        }
      } else {
        const err17 = {
          instancePath: instancePath + "/icon",
          schemaPath: "#/properties/icon/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.icon.type,
          parentSchema: schema31.properties.icon,
          data: data8,
        };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
    }
    if (data.keywords !== undefined) {
      let data9 = data.keywords;
      if (Array.isArray(data9)) {
        const len0 = data9.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data10 = data9[i0];
          if (typeof data10 !== "string") {
            const err18 = {
              instancePath: instancePath + "/keywords/" + i0,
              schemaPath: "#/properties/keywords/items/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.keywords.items.type,
              parentSchema: schema31.properties.keywords.items,
              data: data10,
            };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
        }
      } else {
        const err19 = {
          instancePath: instancePath + "/keywords",
          schemaPath: "#/properties/keywords/type",
          keyword: "type",
          params: { type: "array" },
          message: "must be array",
          schema: schema31.properties.keywords.type,
          parentSchema: schema31.properties.keywords,
          data: data9,
        };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      }
    }
    if (data.repository !== undefined) {
      let data11 = data.repository;
      if (typeof data11 !== "string" && !(data11 && typeof data11 == "object" && !Array.isArray(data11))) {
        const err20 = {
          instancePath: instancePath + "/repository",
          schemaPath: "#/properties/repository/type",
          keyword: "type",
          params: { type: schema31.properties.repository.type },
          message: "must be string,object",
          schema: schema31.properties.repository.type,
          parentSchema: schema31.properties.repository,
          data: data11,
        };
        if (vErrors === null) {
          vErrors = [err20];
        } else {
          vErrors.push(err20);
        }
        errors++;
      }
      if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
        if (data11.url === undefined) {
          const err21 = {
            instancePath: instancePath + "/repository",
            schemaPath: "#/properties/repository/required",
            keyword: "required",
            params: { missingProperty: "url" },
            message: "must have required property '" + "url" + "'",
            schema: schema31.properties.repository.required,
            parentSchema: schema31.properties.repository,
            data: data11,
          };
          if (vErrors === null) {
            vErrors = [err21];
          } else {
            vErrors.push(err21);
          }
          errors++;
        }
        if (data11.type !== undefined) {
          let data12 = data11.type;
          if (typeof data12 !== "string") {
            const err22 = {
              instancePath: instancePath + "/repository/type",
              schemaPath: "#/properties/repository/properties/type/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.repository.properties.type.type,
              parentSchema: schema31.properties.repository.properties.type,
              data: data12,
            };
            if (vErrors === null) {
              vErrors = [err22];
            } else {
              vErrors.push(err22);
            }
            errors++;
          }
        }
        if (data11.url !== undefined) {
          let data13 = data11.url;
          if (typeof data13 !== "string") {
            const err23 = {
              instancePath: instancePath + "/repository/url",
              schemaPath: "#/properties/repository/properties/url/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.repository.properties.url.type,
              parentSchema: schema31.properties.repository.properties.url,
              data: data13,
            };
            if (vErrors === null) {
              vErrors = [err23];
            } else {
              vErrors.push(err23);
            }
            errors++;
          }
        }
        if (data11.directory !== undefined) {
          let data14 = data11.directory;
          if (typeof data14 !== "string") {
            const err24 = {
              instancePath: instancePath + "/repository/directory",
              schemaPath: "#/properties/repository/properties/directory/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.repository.properties.directory.type,
              parentSchema: schema31.properties.repository.properties.directory,
              data: data14,
            };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
        }
      }
    }
    if (data.homepage !== undefined) {
      let data15 = data.homepage;
      if (typeof data15 !== "string") {
        const err25 = {
          instancePath: instancePath + "/homepage",
          schemaPath: "#/properties/homepage/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.homepage.type,
          parentSchema: schema31.properties.homepage,
          data: data15,
        };
        if (vErrors === null) {
          vErrors = [err25];
        } else {
          vErrors.push(err25);
        }
        errors++;
      }
    }
    if (data.engines !== undefined) {
      let data16 = data.engines;
      if (data16 && typeof data16 == "object" && !Array.isArray(data16)) {
        for (const key1 in data16) {
          if (!(key1 === "plugboard")) {
            const err26 = {
              instancePath: instancePath + "/engines",
              schemaPath: "#/properties/engines/additionalProperties",
              keyword: "additionalProperties",
              params: { additionalProperty: key1 },
              message: "must NOT have additional properties",
              schema: false,
              parentSchema: schema31.properties.engines,
              data: data16,
            };
            if (vErrors === null) {
              vErrors = [err26];
            } else {
              vErrors.push(err26);
            }
            errors++;
          }
        }
        if (data16.plugboard !== undefined) {
          let data17 = data16.plugboard;
          if (typeof data17 !== "string") {
            const err27 = {
              instancePath: instancePath + "/engines/plugboard",
              schemaPath: "#/properties/engines/properties/plugboard/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.engines.properties.plugboard.type,
              parentSchema: schema31.properties.engines.properties.plugboard,
              data: data17,
            };
            if (vErrors === null) {
              vErrors = [err27];
            } else {
              vErrors.push(err27);
            }
            errors++;
          }
        }
      } else {
        const err28 = {
          instancePath: instancePath + "/engines",
          schemaPath: "#/properties/engines/type",
          keyword: "type",
          params: { type: "object" },
          message: "must be object",
          schema: schema31.properties.engines.type,
          parentSchema: schema31.properties.engines,
          data: data16,
        };
        if (vErrors === null) {
          vErrors = [err28];
        } else {
          vErrors.push(err28);
        }
        errors++;
      }
    }
    if (data.main !== undefined) {
      let data18 = data.main;
      if (typeof data18 === "string") {
        if (data18.length < 1) {
          const err29 = {
            instancePath: instancePath + "/main",
            schemaPath: "#/properties/main/minLength",
            keyword: "minLength",
            params: { limit: 1 },
            message: "must NOT have fewer than 1 characters",
            schema: 1,
            parentSchema: schema31.properties.main,
            data: data18,
          };
          if (vErrors === null) {
            vErrors = [err29];
          } else {
            vErrors.push(err29);
          }
          errors++;
        }
        if (!pattern6.test(data18)) {
          const err30 = {
            instancePath: instancePath + "/main",
            schemaPath: "#/properties/main/pattern",
            keyword: "pattern",
            params: { pattern: "\\.[cm]?[jt]s$" },
            message: 'must match pattern "' + "\\.[cm]?[jt]s$" + '"',
            schema: "\\.[cm]?[jt]s$",
            parentSchema: schema31.properties.main,
            data: data18,
          };
          if (vErrors === null) {
            vErrors = [err30];
          } else {
            vErrors.push(err30);
          }
          errors++;
        }
      } else {
        const err31 = {
          instancePath: instancePath + "/main",
          schemaPath: "#/properties/main/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.main.type,
          parentSchema: schema31.properties.main,
          data: data18,
        };
        if (vErrors === null) {
          vErrors = [err31];
        } else {
          vErrors.push(err31);
        }
        errors++;
      }
    }
    if (data.runtime !== undefined) {
      let data19 = data.runtime;
      if (typeof data19 !== "string" && !(data19 && typeof data19 == "object" && !Array.isArray(data19))) {
        const err32 = {
          instancePath: instancePath + "/runtime",
          schemaPath: "#/properties/runtime/type",
          keyword: "type",
          params: { type: schema31.properties.runtime.type },
          message: "must be string,object",
          schema: schema31.properties.runtime.type,
          parentSchema: schema31.properties.runtime,
          data: data19,
        };
        if (vErrors === null) {
          vErrors = [err32];
        } else {
          vErrors.push(err32);
        }
        errors++;
      }
      if (typeof data19 === "string") {
        if (data19.length < 1) {
          const err33 = {
            instancePath: instancePath + "/runtime",
            schemaPath: "#/properties/runtime/minLength",
            keyword: "minLength",
            params: { limit: 1 },
            message: "must NOT have fewer than 1 characters",
            schema: 1,
            parentSchema: schema31.properties.runtime,
            data: data19,
          };
          if (vErrors === null) {
            vErrors = [err33];
          } else {
            vErrors.push(err33);
          }
          errors++;
        }
      }
      if (data19 && typeof data19 == "object" && !Array.isArray(data19)) {
        if (data19.kind === undefined) {
          const err34 = {
            instancePath: instancePath + "/runtime",
            schemaPath: "#/properties/runtime/required",
            keyword: "required",
            params: { missingProperty: "kind" },
            message: "must have required property '" + "kind" + "'",
            schema: schema31.properties.runtime.required,
            parentSchema: schema31.properties.runtime,
            data: data19,
          };
          if (vErrors === null) {
            vErrors = [err34];
          } else {
            vErrors.push(err34);
          }
          errors++;
        }
        if (data19.kind !== undefined) {
          let data20 = data19.kind;
          if (typeof data20 === "string") {
            if (data20.length < 1) {
              const err35 = {
                instancePath: instancePath + "/runtime/kind",
                schemaPath: "#/properties/runtime/properties/kind/minLength",
                keyword: "minLength",
                params: { limit: 1 },
                message: "must NOT have fewer than 1 characters",
                schema: 1,
                parentSchema: schema31.properties.runtime.properties.kind,
                data: data20,
              };
              if (vErrors === null) {
                vErrors = [err35];
              } else {
                vErrors.push(err35);
              }
              errors++;
            }
          } else {
            const err36 = {
              instancePath: instancePath + "/runtime/kind",
              schemaPath: "#/properties/runtime/properties/kind/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.runtime.properties.kind.type,
              parentSchema: schema31.properties.runtime.properties.kind,
              data: data20,
            };
            if (vErrors === null) {
              vErrors = [err36];
            } else {
              vErrors.push(err36);
            }
            errors++;
          }
        }
      }
    }
    if (data.activationEvents !== undefined) {
      let data21 = data.activationEvents;
      if (Array.isArray(data21)) {
        const len1 = data21.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data22 = data21[i1];
          if (typeof data22 === "string") {
            if (!pattern7.test(data22)) {
              const err37 = {
                instancePath: instancePath + "/activationEvents/" + i1,
                schemaPath: "#/properties/activationEvents/items/pattern",
                keyword: "pattern",
                params: { pattern: "^(?:\\*|[^\\s*]+(?::\\*)?)$" },
                message: 'must match pattern "' + "^(?:\\*|[^\\s*]+(?::\\*)?)$" + '"',
                schema: "^(?:\\*|[^\\s*]+(?::\\*)?)$",
                parentSchema: schema31.properties.activationEvents.items,
                data: data22,
              };
              if (vErrors === null) {
                vErrors = [err37];
              } else {
                vErrors.push(err37);
              }
              errors++;
            }
          } else {
            const err38 = {
              instancePath: instancePath + "/activationEvents/" + i1,
              schemaPath: "#/properties/activationEvents/items/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.activationEvents.items.type,
              parentSchema: schema31.properties.activationEvents.items,
              data: data22,
            };
            if (vErrors === null) {
              vErrors = [err38];
            } else {
              vErrors.push(err38);
            }
            errors++;
          }
        }
      } else {
        const err39 = {
          instancePath: instancePath + "/activationEvents",
          schemaPath: "#/properties/activationEvents/type",
          keyword: "type",
          params: { type: "array" },
          message: "must be array",
          schema: schema31.properties.activationEvents.type,
          parentSchema: schema31.properties.activationEvents,
          data: data21,
        };
        if (vErrors === null) {
          vErrors = [err39];
        } else {
          vErrors.push(err39);
        }
        errors++;
      }
    }
    if (data.contributes !== undefined) {
      let data23 = data.contributes;
      if (data23 && typeof data23 == "object" && !Array.isArray(data23)) {
        for (const key2 in data23) {
          if (!(key2 === "points")) {
            let data24 = data23[key2];
            if (!data24 || typeof data24 != "object") {
              const err40 = {
                instancePath: instancePath + "/contributes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),
                schemaPath: "#/properties/contributes/additionalProperties/type",
                keyword: "type",
                params: { type: schema31.properties.contributes.additionalProperties.type },
                message: "must be array,object",
                schema: schema31.properties.contributes.additionalProperties.type,
                parentSchema: schema31.properties.contributes.additionalProperties,
                data: data24,
              };
              if (vErrors === null) {
                vErrors = [err40];
              } else {
                vErrors.push(err40);
              }
              errors++;
            }
          }
        }
        if (data23.points !== undefined) {
          let data25 = data23.points;
          if (Array.isArray(data25)) {
            const len2 = data25.length;
            for (let i2 = 0; i2 < len2; i2++) {
              let data26 = data25[i2];
              if (data26 && typeof data26 == "object" && !Array.isArray(data26)) {
                if (data26.id === undefined) {
                  const err41 = {
                    instancePath: instancePath + "/contributes/points/" + i2,
                    schemaPath: "#/properties/contributes/properties/points/items/required",
                    keyword: "required",
                    params: { missingProperty: "id" },
                    message: "must have required property '" + "id" + "'",
                    schema: schema31.properties.contributes.properties.points.items.required,
                    parentSchema: schema31.properties.contributes.properties.points.items,
                    data: data26,
                  };
                  if (vErrors === null) {
                    vErrors = [err41];
                  } else {
                    vErrors.push(err41);
                  }
                  errors++;
                }
                for (const key3 in data26) {
                  if (!(
                    key3 === "id" ||
                    key3 === "schema" ||
                    key3 === "methods" ||
                    key3 === "activationEvent"
                  )) {
                    const err42 = {
                      instancePath: instancePath + "/contributes/points/" + i2,
                      schemaPath: "#/properties/contributes/properties/points/items/additionalProperties",
                      keyword: "additionalProperties",
                      params: { additionalProperty: key3 },
                      message: "must NOT have additional properties",
                      schema: false,
                      parentSchema: schema31.properties.contributes.properties.points.items,
                      data: data26,
                    };
                    if (vErrors === null) {
                      vErrors = [err42];
                    } else {
                      vErrors.push(err42);
                    }
                    errors++;
                  }
                }
                if (data26.id !== undefined) {
                  let data27 = data26.id;
                  if (typeof data27 === "string") {
                    if (!pattern4.test(data27)) {
                      const err43 = {
                        instancePath: instancePath + "/contributes/points/" + i2 + "/id",
                        schemaPath: "#/properties/contributes/properties/points/items/properties/id/pattern",
                        keyword: "pattern",
                        params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
                        message: 'must match pattern "' + "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" + '"',
                        schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
                        parentSchema: schema31.properties.contributes.properties.points.items.properties.id,
                        data: data27,
                      };
                      if (vErrors === null) {
                        vErrors = [err43];
                      } else {
                        vErrors.push(err43);
                      }
                      errors++;
                    }
                  } else {
                    const err44 = {
                      instancePath: instancePath + "/contributes/points/" + i2 + "/id",
                      schemaPath: "#/properties/contributes/properties/points/items/properties/id/type",
                      keyword: "type",
                      params: { type: "string" },
                      message: "must be string",
                      schema: schema31.properties.contributes.properties.points.items.properties.id.type,
                      parentSchema: schema31.properties.contributes.properties.points.items.properties.id,
                      data: data27,
                    };
                    if (vErrors === null) {
                      vErrors = [err44];
                    } else {
                      vErrors.push(err44);
                    }
                    errors++;
                  }
                }
                if (data26.schema !== undefined) {
                  let data28 = data26.schema;
                  if (typeof data28 === "string") {
                    if (data28.length < 1) {
                      const err45 = {
                        instancePath: instancePath + "/contributes/points/" + i2 + "/schema",
                        schemaPath:
                          "#/properties/contributes/properties/points/items/properties/schema/minLength",
                        keyword: "minLength",
                        params: { limit: 1 },
                        message: "must NOT have fewer than 1 characters",
                        schema: 1,
                        parentSchema:
                          schema31.properties.contributes.properties.points.items.properties.schema,
                        data: data28,
                      };
                      if (vErrors === null) {
                        vErrors = [err45];
                      } else {
                        vErrors.push(err45);
                      }
                      errors++;
                    }
                  } else {
                    const err46 = {
                      instancePath: instancePath + "/contributes/points/" + i2 + "/schema",
                      schemaPath: "#/properties/contributes/properties/points/items/properties/schema/type",
                      keyword: "type",
                      params: { type: "string" },
                      message: "must be string",
                      schema: schema31.properties.contributes.properties.points.items.properties.schema.type,
                      parentSchema: schema31.properties.contributes.properties.points.items.properties.schema,
                      data: data28,
                    };
                    if (vErrors === null) {
                      vErrors = [err46];
                    } else {
                      vErrors.push(err46);
                    }
                    errors++;
                  }
                }
                if (data26.methods !== undefined) {
                  let data29 = data26.methods;
                  if (data29 && typeof data29 == "object" && !Array.isArray(data29)) {
                    for (const key4 in data29) {
                      let data30 = data29[key4];
                      if (!(
                        typeof data30 == "number" &&
                        !(data30 % 1) &&
                        !isNaN(data30) &&
                        isFinite(data30)
                      )) {
                        const err47 = {
                          instancePath:
                            instancePath +
                            "/contributes/points/" +
                            i2 +
                            "/methods/" +
                            key4.replace(/~/g, "~0").replace(/\//g, "~1"),
                          schemaPath:
                            "#/properties/contributes/properties/points/items/properties/methods/additionalProperties/type",
                          keyword: "type",
                          params: { type: "integer" },
                          message: "must be integer",
                          schema:
                            schema31.properties.contributes.properties.points.items.properties.methods
                              .additionalProperties.type,
                          parentSchema:
                            schema31.properties.contributes.properties.points.items.properties.methods
                              .additionalProperties,
                          data: data30,
                        };
                        if (vErrors === null) {
                          vErrors = [err47];
                        } else {
                          vErrors.push(err47);
                        }
                        errors++;
                      }
                      if (typeof data30 == "number" && isFinite(data30)) {
                        if (data30 > 8 || isNaN(data30)) {
                          const err48 = {
                            instancePath:
                              instancePath +
                              "/contributes/points/" +
                              i2 +
                              "/methods/" +
                              key4.replace(/~/g, "~0").replace(/\//g, "~1"),
                            schemaPath:
                              "#/properties/contributes/properties/points/items/properties/methods/additionalProperties/maximum",
                            keyword: "maximum",
                            params: { comparison: "<=", limit: 8 },
                            message: "must be <= 8",
                            schema: 8,
                            parentSchema:
                              schema31.properties.contributes.properties.points.items.properties.methods
                                .additionalProperties,
                            data: data30,
                          };
                          if (vErrors === null) {
                            vErrors = [err48];
                          } else {
                            vErrors.push(err48);
                          }
                          errors++;
                        }
                        if (data30 < 0 || isNaN(data30)) {
                          const err49 = {
                            instancePath:
                              instancePath +
                              "/contributes/points/" +
                              i2 +
                              "/methods/" +
                              key4.replace(/~/g, "~0").replace(/\//g, "~1"),
                            schemaPath:
                              "#/properties/contributes/properties/points/items/properties/methods/additionalProperties/minimum",
                            keyword: "minimum",
                            params: { comparison: ">=", limit: 0 },
                            message: "must be >= 0",
                            schema: 0,
                            parentSchema:
                              schema31.properties.contributes.properties.points.items.properties.methods
                                .additionalProperties,
                            data: data30,
                          };
                          if (vErrors === null) {
                            vErrors = [err49];
                          } else {
                            vErrors.push(err49);
                          }
                          errors++;
                        }
                      }
                    }
                  } else {
                    const err50 = {
                      instancePath: instancePath + "/contributes/points/" + i2 + "/methods",
                      schemaPath: "#/properties/contributes/properties/points/items/properties/methods/type",
                      keyword: "type",
                      params: { type: "object" },
                      message: "must be object",
                      schema: schema31.properties.contributes.properties.points.items.properties.methods.type,
                      parentSchema:
                        schema31.properties.contributes.properties.points.items.properties.methods,
                      data: data29,
                    };
                    if (vErrors === null) {
                      vErrors = [err50];
                    } else {
                      vErrors.push(err50);
                    }
                    errors++;
                  }
                }
                if (data26.activationEvent !== undefined) {
                  let data31 = data26.activationEvent;
                  if (typeof data31 === "string") {
                    if (!pattern9.test(data31)) {
                      const err51 = {
                        instancePath: instancePath + "/contributes/points/" + i2 + "/activationEvent",
                        schemaPath:
                          "#/properties/contributes/properties/points/items/properties/activationEvent/pattern",
                        keyword: "pattern",
                        params: { pattern: "^[^\\s*:]+$" },
                        message: 'must match pattern "' + "^[^\\s*:]+$" + '"',
                        schema: "^[^\\s*:]+$",
                        parentSchema:
                          schema31.properties.contributes.properties.points.items.properties.activationEvent,
                        data: data31,
                      };
                      if (vErrors === null) {
                        vErrors = [err51];
                      } else {
                        vErrors.push(err51);
                      }
                      errors++;
                    }
                  } else {
                    const err52 = {
                      instancePath: instancePath + "/contributes/points/" + i2 + "/activationEvent",
                      schemaPath:
                        "#/properties/contributes/properties/points/items/properties/activationEvent/type",
                      keyword: "type",
                      params: { type: "string" },
                      message: "must be string",
                      schema:
                        schema31.properties.contributes.properties.points.items.properties.activationEvent
                          .type,
                      parentSchema:
                        schema31.properties.contributes.properties.points.items.properties.activationEvent,
                      data: data31,
                    };
                    if (vErrors === null) {
                      vErrors = [err52];
                    } else {
                      vErrors.push(err52);
                    }
                    errors++;
                  }
                }
              } else {
                const err53 = {
                  instancePath: instancePath + "/contributes/points/" + i2,
                  schemaPath: "#/properties/contributes/properties/points/items/type",
                  keyword: "type",
                  params: { type: "object" },
                  message: "must be object",
                  schema: schema31.properties.contributes.properties.points.items.type,
                  parentSchema: schema31.properties.contributes.properties.points.items,
                  data: data26,
                };
                if (vErrors === null) {
                  vErrors = [err53];
                } else {
                  vErrors.push(err53);
                }
                errors++;
              }
            }
          } else {
            const err54 = {
              instancePath: instancePath + "/contributes/points",
              schemaPath: "#/properties/contributes/properties/points/type",
              keyword: "type",
              params: { type: "array" },
              message: "must be array",
              schema: schema31.properties.contributes.properties.points.type,
              parentSchema: schema31.properties.contributes.properties.points,
              data: data25,
            };
            if (vErrors === null) {
              vErrors = [err54];
            } else {
              vErrors.push(err54);
            }
            errors++;
          }
        }
      } else {
        const err55 = {
          instancePath: instancePath + "/contributes",
          schemaPath: "#/properties/contributes/type",
          keyword: "type",
          params: { type: "object" },
          message: "must be object",
          schema: schema31.properties.contributes.type,
          parentSchema: schema31.properties.contributes,
          data: data23,
        };
        if (vErrors === null) {
          vErrors = [err55];
        } else {
          vErrors.push(err55);
        }
        errors++;
      }
    }
    if (data.extensionDependencies !== undefined) {
      let data32 = data.extensionDependencies;
      if (!data32 || typeof data32 != "object") {
        const err56 = {
          instancePath: instancePath + "/extensionDependencies",
          schemaPath: "#/properties/extensionDependencies/type",
          keyword: "type",
          params: { type: schema31.properties.extensionDependencies.type },
          message: "must be object,array",
          schema: schema31.properties.extensionDependencies.type,
          parentSchema: schema31.properties.extensionDependencies,
          data: data32,
        };
        if (vErrors === null) {
          vErrors = [err56];
        } else {
          vErrors.push(err56);
        }
        errors++;
      }
      if (Array.isArray(data32)) {
        const len3 = data32.length;
        for (let i3 = 0; i3 < len3; i3++) {
          let data33 = data32[i3];
          if (typeof data33 === "string") {
            if (!pattern4.test(data33)) {
              const err57 = {
                instancePath: instancePath + "/extensionDependencies/" + i3,
                schemaPath: "#/properties/extensionDependencies/items/pattern",
                keyword: "pattern",
                params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
                message: 'must match pattern "' + "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" + '"',
                schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
                parentSchema: schema31.properties.extensionDependencies.items,
                data: data33,
              };
              if (vErrors === null) {
                vErrors = [err57];
              } else {
                vErrors.push(err57);
              }
              errors++;
            }
          } else {
            const err58 = {
              instancePath: instancePath + "/extensionDependencies/" + i3,
              schemaPath: "#/properties/extensionDependencies/items/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.extensionDependencies.items.type,
              parentSchema: schema31.properties.extensionDependencies.items,
              data: data33,
            };
            if (vErrors === null) {
              vErrors = [err58];
            } else {
              vErrors.push(err58);
            }
            errors++;
          }
        }
      }
      if (data32 && typeof data32 == "object" && !Array.isArray(data32)) {
        for (const key5 in data32) {
          const _errs73 = errors;
          if (typeof key5 === "string") {
            if (!pattern4.test(key5)) {
              const err59 = {
                instancePath: instancePath + "/extensionDependencies",
                schemaPath: "#/properties/extensionDependencies/propertyNames/pattern",
                keyword: "pattern",
                params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
                message: 'must match pattern "' + "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" + '"',
                schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
                parentSchema: schema31.properties.extensionDependencies.propertyNames,
                data: key5,
                propertyName: key5,
              };
              if (vErrors === null) {
                vErrors = [err59];
              } else {
                vErrors.push(err59);
              }
              errors++;
            }
          }
          var valid16 = _errs73 === errors;
          if (!valid16) {
            const err60 = {
              instancePath: instancePath + "/extensionDependencies",
              schemaPath: "#/properties/extensionDependencies/propertyNames",
              keyword: "propertyNames",
              params: { propertyName: key5 },
              message: "property name must be valid",
              schema: schema31.properties.extensionDependencies.propertyNames,
              parentSchema: schema31.properties.extensionDependencies,
              data: data32,
            };
            if (vErrors === null) {
              vErrors = [err60];
            } else {
              vErrors.push(err60);
            }
            errors++;
          }
        }
        for (const key6 in data32) {
          let data34 = data32[key6];
          if (typeof data34 !== "string") {
            const err61 = {
              instancePath:
                instancePath + "/extensionDependencies/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),
              schemaPath: "#/properties/extensionDependencies/additionalProperties/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.extensionDependencies.additionalProperties.type,
              parentSchema: schema31.properties.extensionDependencies.additionalProperties,
              data: data34,
            };
            if (vErrors === null) {
              vErrors = [err61];
            } else {
              vErrors.push(err61);
            }
            errors++;
          }
        }
      }
    }
    if (data.optionalExtensionDependencies !== undefined) {
      let data35 = data.optionalExtensionDependencies;
      if (!data35 || typeof data35 != "object") {
        const err62 = {
          instancePath: instancePath + "/optionalExtensionDependencies",
          schemaPath: "#/properties/optionalExtensionDependencies/type",
          keyword: "type",
          params: { type: schema31.properties.optionalExtensionDependencies.type },
          message: "must be object,array",
          schema: schema31.properties.optionalExtensionDependencies.type,
          parentSchema: schema31.properties.optionalExtensionDependencies,
          data: data35,
        };
        if (vErrors === null) {
          vErrors = [err62];
        } else {
          vErrors.push(err62);
        }
        errors++;
      }
      if (Array.isArray(data35)) {
        const len4 = data35.length;
        for (let i4 = 0; i4 < len4; i4++) {
          let data36 = data35[i4];
          if (typeof data36 === "string") {
            if (!pattern4.test(data36)) {
              const err63 = {
                instancePath: instancePath + "/optionalExtensionDependencies/" + i4,
                schemaPath: "#/properties/optionalExtensionDependencies/items/pattern",
                keyword: "pattern",
                params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
                message: 'must match pattern "' + "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" + '"',
                schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
                parentSchema: schema31.properties.optionalExtensionDependencies.items,
                data: data36,
              };
              if (vErrors === null) {
                vErrors = [err63];
              } else {
                vErrors.push(err63);
              }
              errors++;
            }
          } else {
            const err64 = {
              instancePath: instancePath + "/optionalExtensionDependencies/" + i4,
              schemaPath: "#/properties/optionalExtensionDependencies/items/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.optionalExtensionDependencies.items.type,
              parentSchema: schema31.properties.optionalExtensionDependencies.items,
              data: data36,
            };
            if (vErrors === null) {
              vErrors = [err64];
            } else {
              vErrors.push(err64);
            }
            errors++;
          }
        }
      }
      if (data35 && typeof data35 == "object" && !Array.isArray(data35)) {
        for (const key7 in data35) {
          const _errs81 = errors;
          if (typeof key7 === "string") {
            if (!pattern4.test(key7)) {
              const err65 = {
                instancePath: instancePath + "/optionalExtensionDependencies",
                schemaPath: "#/properties/optionalExtensionDependencies/propertyNames/pattern",
                keyword: "pattern",
                params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
                message: 'must match pattern "' + "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" + '"',
                schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
                parentSchema: schema31.properties.optionalExtensionDependencies.propertyNames,
                data: key7,
                propertyName: key7,
              };
              if (vErrors === null) {
                vErrors = [err65];
              } else {
                vErrors.push(err65);
              }
              errors++;
            }
          }
          var valid20 = _errs81 === errors;
          if (!valid20) {
            const err66 = {
              instancePath: instancePath + "/optionalExtensionDependencies",
              schemaPath: "#/properties/optionalExtensionDependencies/propertyNames",
              keyword: "propertyNames",
              params: { propertyName: key7 },
              message: "property name must be valid",
              schema: schema31.properties.optionalExtensionDependencies.propertyNames,
              parentSchema: schema31.properties.optionalExtensionDependencies,
              data: data35,
            };
            if (vErrors === null) {
              vErrors = [err66];
            } else {
              vErrors.push(err66);
            }
            errors++;
          }
        }
        for (const key8 in data35) {
          let data37 = data35[key8];
          if (typeof data37 !== "string") {
            const err67 = {
              instancePath:
                instancePath +
                "/optionalExtensionDependencies/" +
                key8.replace(/~/g, "~0").replace(/\//g, "~1"),
              schemaPath: "#/properties/optionalExtensionDependencies/additionalProperties/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.optionalExtensionDependencies.additionalProperties.type,
              parentSchema: schema31.properties.optionalExtensionDependencies.additionalProperties,
              data: data37,
            };
            if (vErrors === null) {
              vErrors = [err67];
            } else {
              vErrors.push(err67);
            }
            errors++;
          }
        }
      }
    }
    if (data.update !== undefined) {
      let data38 = data.update;
      if (!(data38 === "beside" || data38 === "replace")) {
        const err68 = {
          instancePath: instancePath + "/update",
          schemaPath: "#/properties/update/enum",
          keyword: "enum",
          params: { allowedValues: schema31.properties.update.enum },
          message: "must be equal to one of the allowed values",
          schema: schema31.properties.update.enum,
          parentSchema: schema31.properties.update,
          data: data38,
        };
        if (vErrors === null) {
          vErrors = [err68];
        } else {
          vErrors.push(err68);
        }
        errors++;
      }
    }
    if (data.watch !== undefined) {
      let data39 = data.watch;
      if (Array.isArray(data39)) {
        const len5 = data39.length;
        for (let i5 = 0; i5 < len5; i5++) {
          let data40 = data39[i5];
          if (typeof data40 === "string") {
            if (data40.length < 1) {
              const err69 = {
                instancePath: instancePath + "/watch/" + i5,
                schemaPath: "#/properties/watch/items/minLength",
                keyword: "minLength",
                params: { limit: 1 },
                message: "must NOT have fewer than 1 characters",
                schema: 1,
                parentSchema: schema31.properties.watch.items,
                data: data40,
              };
              if (vErrors === null) {
                vErrors = [err69];
              } else {
                vErrors.push(err69);
              }
              errors++;
            }
          } else {
            const err70 = {
              instancePath: instancePath + "/watch/" + i5,
              schemaPath: "#/properties/watch/items/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.watch.items.type,
              parentSchema: schema31.properties.watch.items,
              data: data40,
            };
            if (vErrors === null) {
              vErrors = [err70];
            } else {
              vErrors.push(err70);
            }
            errors++;
          }
        }
      } else {
        const err71 = {
          instancePath: instancePath + "/watch",
          schemaPath: "#/properties/watch/type",
          keyword: "type",
          params: { type: "array" },
          message: "must be array",
          schema: schema31.properties.watch.type,
          parentSchema: schema31.properties.watch,
          data: data39,
        };
        if (vErrors === null) {
          vErrors = [err71];
        } else {
          vErrors.push(err71);
        }
        errors++;
      }
    }
    if (data.services !== undefined) {
      let data41 = data.services;
      if (Array.isArray(data41)) {
        const len6 = data41.length;
        for (let i6 = 0; i6 < len6; i6++) {
          let data42 = data41[i6];
          if (typeof data42 === "string") {
            if (data42.length < 1) {
              const err72 = {
                instancePath: instancePath + "/services/" + i6,
                schemaPath: "#/properties/services/items/minLength",
                keyword: "minLength",
                params: { limit: 1 },
                message: "must NOT have fewer than 1 characters",
                schema: 1,
                parentSchema: schema31.properties.services.items,
                data: data42,
              };
              if (vErrors === null) {
                vErrors = [err72];
              } else {
                vErrors.push(err72);
              }
              errors++;
            }
          } else {
            const err73 = {
              instancePath: instancePath + "/services/" + i6,
              schemaPath: "#/properties/services/items/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.services.items.type,
              parentSchema: schema31.properties.services.items,
              data: data42,
            };
            if (vErrors === null) {
              vErrors = [err73];
            } else {
              vErrors.push(err73);
            }
            errors++;
          }
        }
      } else {
        const err74 = {
          instancePath: instancePath + "/services",
          schemaPath: "#/properties/services/type",
          keyword: "type",
          params: { type: "array" },
          message: "must be array",
          schema: schema31.properties.services.type,
          parentSchema: schema31.properties.services,
          data: data41,
        };
        if (vErrors === null) {
          vErrors = [err74];
        } else {
          vErrors.push(err74);
        }
        errors++;
      }
    }
    if (data.capabilities !== undefined) {
      let data43 = data.capabilities;
      if (data43 && typeof data43 == "object" && !Array.isArray(data43)) {
        if (data43.fs !== undefined) {
          let data44 = data43.fs;
          if (data44 && typeof data44 == "object" && !Array.isArray(data44)) {
            if (data44.read !== undefined) {
              let data45 = data44.read;
              if (Array.isArray(data45)) {
                const len7 = data45.length;
                for (let i7 = 0; i7 < len7; i7++) {
                  let data46 = data45[i7];
                  if (typeof data46 !== "string") {
                    const err75 = {
                      instancePath: instancePath + "/capabilities/fs/read/" + i7,
                      schemaPath: "#/properties/capabilities/properties/fs/properties/read/items/type",
                      keyword: "type",
                      params: { type: "string" },
                      message: "must be string",
                      schema: schema31.properties.capabilities.properties.fs.properties.read.items.type,
                      parentSchema: schema31.properties.capabilities.properties.fs.properties.read.items,
                      data: data46,
                    };
                    if (vErrors === null) {
                      vErrors = [err75];
                    } else {
                      vErrors.push(err75);
                    }
                    errors++;
                  }
                }
              } else {
                const err76 = {
                  instancePath: instancePath + "/capabilities/fs/read",
                  schemaPath: "#/properties/capabilities/properties/fs/properties/read/type",
                  keyword: "type",
                  params: { type: "array" },
                  message: "must be array",
                  schema: schema31.properties.capabilities.properties.fs.properties.read.type,
                  parentSchema: schema31.properties.capabilities.properties.fs.properties.read,
                  data: data45,
                };
                if (vErrors === null) {
                  vErrors = [err76];
                } else {
                  vErrors.push(err76);
                }
                errors++;
              }
            }
            if (data44.write !== undefined) {
              let data47 = data44.write;
              if (Array.isArray(data47)) {
                const len8 = data47.length;
                for (let i8 = 0; i8 < len8; i8++) {
                  let data48 = data47[i8];
                  if (typeof data48 !== "string") {
                    const err77 = {
                      instancePath: instancePath + "/capabilities/fs/write/" + i8,
                      schemaPath: "#/properties/capabilities/properties/fs/properties/write/items/type",
                      keyword: "type",
                      params: { type: "string" },
                      message: "must be string",
                      schema: schema31.properties.capabilities.properties.fs.properties.write.items.type,
                      parentSchema: schema31.properties.capabilities.properties.fs.properties.write.items,
                      data: data48,
                    };
                    if (vErrors === null) {
                      vErrors = [err77];
                    } else {
                      vErrors.push(err77);
                    }
                    errors++;
                  }
                }
              } else {
                const err78 = {
                  instancePath: instancePath + "/capabilities/fs/write",
                  schemaPath: "#/properties/capabilities/properties/fs/properties/write/type",
                  keyword: "type",
                  params: { type: "array" },
                  message: "must be array",
                  schema: schema31.properties.capabilities.properties.fs.properties.write.type,
                  parentSchema: schema31.properties.capabilities.properties.fs.properties.write,
                  data: data47,
                };
                if (vErrors === null) {
                  vErrors = [err78];
                } else {
                  vErrors.push(err78);
                }
                errors++;
              }
            }
          } else {
            const err79 = {
              instancePath: instancePath + "/capabilities/fs",
              schemaPath: "#/properties/capabilities/properties/fs/type",
              keyword: "type",
              params: { type: "object" },
              message: "must be object",
              schema: schema31.properties.capabilities.properties.fs.type,
              parentSchema: schema31.properties.capabilities.properties.fs,
              data: data44,
            };
            if (vErrors === null) {
              vErrors = [err79];
            } else {
              vErrors.push(err79);
            }
            errors++;
          }
        }
        if (data43.net !== undefined) {
          let data49 = data43.net;
          if (!Array.isArray(data49) && typeof data49 !== "boolean") {
            const err80 = {
              instancePath: instancePath + "/capabilities/net",
              schemaPath: "#/properties/capabilities/properties/net/type",
              keyword: "type",
              params: { type: schema31.properties.capabilities.properties.net.type },
              message: "must be array,boolean",
              schema: schema31.properties.capabilities.properties.net.type,
              parentSchema: schema31.properties.capabilities.properties.net,
              data: data49,
            };
            if (vErrors === null) {
              vErrors = [err80];
            } else {
              vErrors.push(err80);
            }
            errors++;
          }
          if (Array.isArray(data49)) {
            const len9 = data49.length;
            for (let i9 = 0; i9 < len9; i9++) {
              let data50 = data49[i9];
              if (typeof data50 !== "string") {
                const err81 = {
                  instancePath: instancePath + "/capabilities/net/" + i9,
                  schemaPath: "#/properties/capabilities/properties/net/items/type",
                  keyword: "type",
                  params: { type: "string" },
                  message: "must be string",
                  schema: schema31.properties.capabilities.properties.net.items.type,
                  parentSchema: schema31.properties.capabilities.properties.net.items,
                  data: data50,
                };
                if (vErrors === null) {
                  vErrors = [err81];
                } else {
                  vErrors.push(err81);
                }
                errors++;
              }
            }
          }
        }
        if (data43.env !== undefined) {
          let data51 = data43.env;
          if (!Array.isArray(data51) && typeof data51 !== "boolean") {
            const err82 = {
              instancePath: instancePath + "/capabilities/env",
              schemaPath: "#/properties/capabilities/properties/env/type",
              keyword: "type",
              params: { type: schema31.properties.capabilities.properties.env.type },
              message: "must be array,boolean",
              schema: schema31.properties.capabilities.properties.env.type,
              parentSchema: schema31.properties.capabilities.properties.env,
              data: data51,
            };
            if (vErrors === null) {
              vErrors = [err82];
            } else {
              vErrors.push(err82);
            }
            errors++;
          }
          if (Array.isArray(data51)) {
            const len10 = data51.length;
            for (let i10 = 0; i10 < len10; i10++) {
              let data52 = data51[i10];
              if (typeof data52 !== "string") {
                const err83 = {
                  instancePath: instancePath + "/capabilities/env/" + i10,
                  schemaPath: "#/properties/capabilities/properties/env/items/type",
                  keyword: "type",
                  params: { type: "string" },
                  message: "must be string",
                  schema: schema31.properties.capabilities.properties.env.items.type,
                  parentSchema: schema31.properties.capabilities.properties.env.items,
                  data: data52,
                };
                if (vErrors === null) {
                  vErrors = [err83];
                } else {
                  vErrors.push(err83);
                }
                errors++;
              }
            }
          }
        }
        if (data43.childProcess !== undefined) {
          let data53 = data43.childProcess;
          if (typeof data53 !== "boolean") {
            const err84 = {
              instancePath: instancePath + "/capabilities/childProcess",
              schemaPath: "#/properties/capabilities/properties/childProcess/type",
              keyword: "type",
              params: { type: "boolean" },
              message: "must be boolean",
              schema: schema31.properties.capabilities.properties.childProcess.type,
              parentSchema: schema31.properties.capabilities.properties.childProcess,
              data: data53,
            };
            if (vErrors === null) {
              vErrors = [err84];
            } else {
              vErrors.push(err84);
            }
            errors++;
          }
        }
        if (data43.workers !== undefined) {
          let data54 = data43.workers;
          if (typeof data54 !== "boolean") {
            const err85 = {
              instancePath: instancePath + "/capabilities/workers",
              schemaPath: "#/properties/capabilities/properties/workers/type",
              keyword: "type",
              params: { type: "boolean" },
              message: "must be boolean",
              schema: schema31.properties.capabilities.properties.workers.type,
              parentSchema: schema31.properties.capabilities.properties.workers,
              data: data54,
            };
            if (vErrors === null) {
              vErrors = [err85];
            } else {
              vErrors.push(err85);
            }
            errors++;
          }
        }
        if (data43.addons !== undefined) {
          let data55 = data43.addons;
          if (typeof data55 !== "boolean") {
            const err86 = {
              instancePath: instancePath + "/capabilities/addons",
              schemaPath: "#/properties/capabilities/properties/addons/type",
              keyword: "type",
              params: { type: "boolean" },
              message: "must be boolean",
              schema: schema31.properties.capabilities.properties.addons.type,
              parentSchema: schema31.properties.capabilities.properties.addons,
              data: data55,
            };
            if (vErrors === null) {
              vErrors = [err86];
            } else {
              vErrors.push(err86);
            }
            errors++;
          }
        }
        if (data43.wasi !== undefined) {
          let data56 = data43.wasi;
          if (typeof data56 !== "boolean") {
            const err87 = {
              instancePath: instancePath + "/capabilities/wasi",
              schemaPath: "#/properties/capabilities/properties/wasi/type",
              keyword: "type",
              params: { type: "boolean" },
              message: "must be boolean",
              schema: schema31.properties.capabilities.properties.wasi.type,
              parentSchema: schema31.properties.capabilities.properties.wasi,
              data: data56,
            };
            if (vErrors === null) {
              vErrors = [err87];
            } else {
              vErrors.push(err87);
            }
            errors++;
          }
        }
      } else {
        const err88 = {
          instancePath: instancePath + "/capabilities",
          schemaPath: "#/properties/capabilities/type",
          keyword: "type",
          params: { type: "object" },
          message: "must be object",
          schema: schema31.properties.capabilities.type,
          parentSchema: schema31.properties.capabilities,
          data: data43,
        };
        if (vErrors === null) {
          vErrors = [err88];
        } else {
          vErrors.push(err88);
        }
        errors++;
      }
    }
    if (data.group !== undefined) {
      let data57 = data.group;
      if (typeof data57 === "string") {
        if (data57.length < 1) {
          const err89 = {
            instancePath: instancePath + "/group",
            schemaPath: "#/properties/group/minLength",
            keyword: "minLength",
            params: { limit: 1 },
            message: "must NOT have fewer than 1 characters",
            schema: 1,
            parentSchema: schema31.properties.group,
            data: data57,
          };
          if (vErrors === null) {
            vErrors = [err89];
          } else {
            vErrors.push(err89);
          }
          errors++;
        }
      } else {
        const err90 = {
          instancePath: instancePath + "/group",
          schemaPath: "#/properties/group/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.group.type,
          parentSchema: schema31.properties.group,
          data: data57,
        };
        if (vErrors === null) {
          vErrors = [err90];
        } else {
          vErrors.push(err90);
        }
        errors++;
      }
    }
  } else {
    const err91 = {
      instancePath,
      schemaPath: "#/type",
      keyword: "type",
      params: { type: "object" },
      message: "must be object",
      schema: schema31.type,
      parentSchema: schema31,
      data,
    };
    if (vErrors === null) {
      vErrors = [err91];
    } else {
      vErrors.push(err91);
    }
    errors++;
  }
  validate20.errors = vErrors;
  return errors === 0;
}
validate20.evaluated = { props: true, dynamicProps: false, dynamicItems: false };
