// @ts-nocheck
/* eslint-disable */
/** Generated from config.schema.json by `npm run generate -w @plugboard/schemas`. Do not edit. */
export const validate = validate20;
const schema31 = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:plugboard:config.schema.json",
  type: "object",
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    folders: { type: "array", items: { type: "string", minLength: 1 }, uniqueItems: true },
    developmentFolders: { type: "array", items: { type: "string", minLength: 1 }, uniqueItems: true },
    stateFolder: { type: "string", minLength: 1 },
    runtimePolicy: {
      type: "object",
      propertyNames: {
        pattern: "^(?:\\*|[a-z0-9]+(?:[._-][a-z0-9]+)*(?:[._-]?\\*)?)$",
        patternErrorMessage: "has to be the id of an extension, or the beginning of ids followed by *",
      },
      additionalProperties: { type: "string", minLength: 1 },
    },
    limits: {
      type: "object",
      additionalProperties: false,
      properties: {
        activateMs: { $ref: "#/$defs/limit" },
        startTurnMs: { $ref: "#/$defs/limitOrNone" },
        deactivateMs: { $ref: "#/$defs/limit" },
        callMs: { $ref: "#/$defs/limitOrNone" },
        drainMs: { $ref: "#/$defs/limitOrNone" },
        stopMs: { $ref: "#/$defs/limit" },
        dependencyMs: { $ref: "#/$defs/limitOrNone" },
        queuedCalls: { $ref: "#/$defs/limit" },
        callBytes: { type: "integer", minimum: 1 },
        incompleteMs: { $ref: "#/$defs/limitOrNone" },
        unresponsiveMs: { $ref: "#/$defs/limit" },
        memoryBytes: { type: "integer", minimum: 1 },
        retryMs: { $ref: "#/$defs/limitOrNone" },
      },
    },
    restart: {
      type: "object",
      additionalProperties: false,
      properties: {
        delaysMs: { type: "array", items: { type: "integer", minimum: 0 }, minItems: 1 },
        budget: { $ref: "#/$defs/limit" },
        windowMs: { $ref: "#/$defs/limitOrNone" },
        unresponsiveMs: { $ref: "#/$defs/limitOrNone" },
      },
    },
    enabled: { $ref: "#/$defs/ids" },
    disabled: { $ref: "#/$defs/ids" },
    trust: { enum: ["all", "asked"] },
    keys: { type: "string", minLength: 1 },
    revokedKeys: { enum: ["stop", "next start"] },
    lockfile: { type: "string", minLength: 1 },
    grants: {
      type: "object",
      propertyNames: { $ref: "#/$defs/id" },
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          fs: {
            type: "object",
            additionalProperties: false,
            properties: {
              read: { type: "array", items: { type: "string" } },
              write: { type: "array", items: { type: "string" } },
            },
          },
          net: { $ref: "#/$defs/listOrAll" },
          env: { $ref: "#/$defs/listOrAll" },
          group: { type: "string", minLength: 1 },
          childProcess: { type: "boolean" },
          workers: { type: "boolean" },
          addons: { type: "boolean" },
          wasi: { type: "boolean" },
          services: { type: "array", items: { type: "string", minLength: 1 } },
        },
      },
    },
    settings: {
      type: "object",
      propertyNames: { $ref: "#/$defs/id" },
      additionalProperties: { type: "object" },
    },
  },
  $defs: {
    id: {
      type: "string",
      pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
      patternErrorMessage: "has to be the id of an extension",
    },
    ids: { type: "array", items: { type: "string", $ref: "#/$defs/id" }, uniqueItems: true },
    limit: { type: "integer", minimum: 1 },
    limitOrNone: { type: "integer", minimum: 0 },
    listOrAll: { type: ["array", "boolean"], items: { type: "string" } },
  },
};
const schema32 = { type: "integer", minimum: 1 };
const schema33 = { type: "integer", minimum: 0 };
const schema47 = {
  type: "string",
  pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
  patternErrorMessage: "has to be the id of an extension",
};
const schema49 = { type: ["array", "boolean"], items: { type: "string" } };
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^(?:\\*|[a-z0-9]+(?:[._-][a-z0-9]+)*(?:[._-]?\\*)?)$", "u");
const pattern5 = new RegExp("^[a-z0-9]+(?:[._-][a-z0-9]+)*$", "u");
const schema46 = { type: "array", items: { type: "string", $ref: "#/$defs/id" }, uniqueItems: true };
function validate21(
  data,
  { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {},
) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate21.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = undefined;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = undefined;
  }
  if (Array.isArray(data)) {
    const len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++) {
      let data0 = data[i0];
      if (typeof data0 !== "string") {
        const err0 = {
          instancePath: instancePath + "/" + i0,
          schemaPath: "#/items/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema46.items.type,
          parentSchema: schema46.items,
          data: data0,
        };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
      if (typeof data0 === "string") {
        if (!pattern5.test(data0)) {
          const err1 = {
            instancePath: instancePath + "/" + i0,
            schemaPath: "#/$defs/id/pattern",
            keyword: "pattern",
            params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
            message: 'must match pattern "' + "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" + '"',
            schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
            parentSchema: schema47,
            data: data0,
          };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = {
          instancePath: instancePath + "/" + i0,
          schemaPath: "#/$defs/id/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema47.type,
          parentSchema: schema47,
          data: data0,
        };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    let i1 = data.length;
    let j0;
    if (i1 > 1) {
      const indices0 = {};
      for (; i1--;) {
        let item0 = data[i1];
        if (typeof item0 !== "string") {
          continue;
        }
        if (typeof indices0[item0] == "number") {
          j0 = indices0[item0];
          const err3 = {
            instancePath,
            schemaPath: "#/uniqueItems",
            keyword: "uniqueItems",
            params: { i: i1, j: j0 },
            message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)",
            schema: true,
            parentSchema: schema46,
            data,
          };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
          break;
        }
        indices0[item0] = i1;
      }
    }
  } else {
    const err4 = {
      instancePath,
      schemaPath: "#/type",
      keyword: "type",
      params: { type: "array" },
      message: "must be array",
      schema: schema46.type,
      parentSchema: schema46,
      data,
    };
    if (vErrors === null) {
      vErrors = [err4];
    } else {
      vErrors.push(err4);
    }
    errors++;
  }
  validate21.errors = vErrors;
  return errors === 0;
}
validate21.evaluated = { items: true, dynamicProps: false, dynamicItems: false };
function validate20(
  data,
  { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {},
) {
  /*# sourceURL="urn:plugboard:config.schema.json" */ let vErrors = null;
  let errors = 0;
  const evaluated0 = validate20.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = undefined;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = undefined;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!func1.call(schema31.properties, key0)) {
        const err0 = {
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
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.$schema !== undefined) {
      let data0 = data.$schema;
      if (typeof data0 !== "string") {
        const err1 = {
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
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.folders !== undefined) {
      let data1 = data.folders;
      if (Array.isArray(data1)) {
        const len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          if (typeof data2 === "string") {
            if (data2.length < 1) {
              const err2 = {
                instancePath: instancePath + "/folders/" + i0,
                schemaPath: "#/properties/folders/items/minLength",
                keyword: "minLength",
                params: { limit: 1 },
                message: "must NOT have fewer than 1 characters",
                schema: 1,
                parentSchema: schema31.properties.folders.items,
                data: data2,
              };
              if (vErrors === null) {
                vErrors = [err2];
              } else {
                vErrors.push(err2);
              }
              errors++;
            }
          } else {
            const err3 = {
              instancePath: instancePath + "/folders/" + i0,
              schemaPath: "#/properties/folders/items/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.folders.items.type,
              parentSchema: schema31.properties.folders.items,
              data: data2,
            };
            if (vErrors === null) {
              vErrors = [err3];
            } else {
              vErrors.push(err3);
            }
            errors++;
          }
        }
        let i1 = data1.length;
        let j0;
        if (i1 > 1) {
          const indices0 = {};
          for (; i1--;) {
            let item0 = data1[i1];
            if (typeof item0 !== "string") {
              continue;
            }
            if (typeof indices0[item0] == "number") {
              j0 = indices0[item0];
              const err4 = {
                instancePath: instancePath + "/folders",
                schemaPath: "#/properties/folders/uniqueItems",
                keyword: "uniqueItems",
                params: { i: i1, j: j0 },
                message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)",
                schema: true,
                parentSchema: schema31.properties.folders,
                data: data1,
              };
              if (vErrors === null) {
                vErrors = [err4];
              } else {
                vErrors.push(err4);
              }
              errors++;
              break;
            }
            indices0[item0] = i1;
          }
        }
      } else {
        const err5 = {
          instancePath: instancePath + "/folders",
          schemaPath: "#/properties/folders/type",
          keyword: "type",
          params: { type: "array" },
          message: "must be array",
          schema: schema31.properties.folders.type,
          parentSchema: schema31.properties.folders,
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
    if (data.developmentFolders !== undefined) {
      let data3 = data.developmentFolders;
      if (Array.isArray(data3)) {
        const len1 = data3.length;
        for (let i2 = 0; i2 < len1; i2++) {
          let data4 = data3[i2];
          if (typeof data4 === "string") {
            if (data4.length < 1) {
              const err6 = {
                instancePath: instancePath + "/developmentFolders/" + i2,
                schemaPath: "#/properties/developmentFolders/items/minLength",
                keyword: "minLength",
                params: { limit: 1 },
                message: "must NOT have fewer than 1 characters",
                schema: 1,
                parentSchema: schema31.properties.developmentFolders.items,
                data: data4,
              };
              if (vErrors === null) {
                vErrors = [err6];
              } else {
                vErrors.push(err6);
              }
              errors++;
            }
          } else {
            const err7 = {
              instancePath: instancePath + "/developmentFolders/" + i2,
              schemaPath: "#/properties/developmentFolders/items/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.developmentFolders.items.type,
              parentSchema: schema31.properties.developmentFolders.items,
              data: data4,
            };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
        }
        let i3 = data3.length;
        let j1;
        if (i3 > 1) {
          const indices1 = {};
          for (; i3--;) {
            let item1 = data3[i3];
            if (typeof item1 !== "string") {
              continue;
            }
            if (typeof indices1[item1] == "number") {
              j1 = indices1[item1];
              const err8 = {
                instancePath: instancePath + "/developmentFolders",
                schemaPath: "#/properties/developmentFolders/uniqueItems",
                keyword: "uniqueItems",
                params: { i: i3, j: j1 },
                message: "must NOT have duplicate items (items ## " + j1 + " and " + i3 + " are identical)",
                schema: true,
                parentSchema: schema31.properties.developmentFolders,
                data: data3,
              };
              if (vErrors === null) {
                vErrors = [err8];
              } else {
                vErrors.push(err8);
              }
              errors++;
              break;
            }
            indices1[item1] = i3;
          }
        }
      } else {
        const err9 = {
          instancePath: instancePath + "/developmentFolders",
          schemaPath: "#/properties/developmentFolders/type",
          keyword: "type",
          params: { type: "array" },
          message: "must be array",
          schema: schema31.properties.developmentFolders.type,
          parentSchema: schema31.properties.developmentFolders,
          data: data3,
        };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.stateFolder !== undefined) {
      let data5 = data.stateFolder;
      if (typeof data5 === "string") {
        if (data5.length < 1) {
          const err10 = {
            instancePath: instancePath + "/stateFolder",
            schemaPath: "#/properties/stateFolder/minLength",
            keyword: "minLength",
            params: { limit: 1 },
            message: "must NOT have fewer than 1 characters",
            schema: 1,
            parentSchema: schema31.properties.stateFolder,
            data: data5,
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
          instancePath: instancePath + "/stateFolder",
          schemaPath: "#/properties/stateFolder/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.stateFolder.type,
          parentSchema: schema31.properties.stateFolder,
          data: data5,
        };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.runtimePolicy !== undefined) {
      let data6 = data.runtimePolicy;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
        for (const key1 in data6) {
          const _errs16 = errors;
          if (typeof key1 === "string") {
            if (!pattern4.test(key1)) {
              const err12 = {
                instancePath: instancePath + "/runtimePolicy",
                schemaPath: "#/properties/runtimePolicy/propertyNames/pattern",
                keyword: "pattern",
                params: { pattern: "^(?:\\*|[a-z0-9]+(?:[._-][a-z0-9]+)*(?:[._-]?\\*)?)$" },
                message:
                  'must match pattern "' + "^(?:\\*|[a-z0-9]+(?:[._-][a-z0-9]+)*(?:[._-]?\\*)?)$" + '"',
                schema: "^(?:\\*|[a-z0-9]+(?:[._-][a-z0-9]+)*(?:[._-]?\\*)?)$",
                parentSchema: schema31.properties.runtimePolicy.propertyNames,
                data: key1,
                propertyName: key1,
              };
              if (vErrors === null) {
                vErrors = [err12];
              } else {
                vErrors.push(err12);
              }
              errors++;
            }
          }
          var valid7 = _errs16 === errors;
          if (!valid7) {
            const err13 = {
              instancePath: instancePath + "/runtimePolicy",
              schemaPath: "#/properties/runtimePolicy/propertyNames",
              keyword: "propertyNames",
              params: { propertyName: key1 },
              message: "property name must be valid",
              schema: schema31.properties.runtimePolicy.propertyNames,
              parentSchema: schema31.properties.runtimePolicy,
              data: data6,
            };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
        }
        for (const key2 in data6) {
          let data7 = data6[key2];
          if (typeof data7 === "string") {
            if (data7.length < 1) {
              const err14 = {
                instancePath:
                  instancePath + "/runtimePolicy/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),
                schemaPath: "#/properties/runtimePolicy/additionalProperties/minLength",
                keyword: "minLength",
                params: { limit: 1 },
                message: "must NOT have fewer than 1 characters",
                schema: 1,
                parentSchema: schema31.properties.runtimePolicy.additionalProperties,
                data: data7,
              };
              if (vErrors === null) {
                vErrors = [err14];
              } else {
                vErrors.push(err14);
              }
              errors++;
            }
          } else {
            const err15 = {
              instancePath: instancePath + "/runtimePolicy/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),
              schemaPath: "#/properties/runtimePolicy/additionalProperties/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema31.properties.runtimePolicy.additionalProperties.type,
              parentSchema: schema31.properties.runtimePolicy.additionalProperties,
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
      } else {
        const err16 = {
          instancePath: instancePath + "/runtimePolicy",
          schemaPath: "#/properties/runtimePolicy/type",
          keyword: "type",
          params: { type: "object" },
          message: "must be object",
          schema: schema31.properties.runtimePolicy.type,
          parentSchema: schema31.properties.runtimePolicy,
          data: data6,
        };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data.limits !== undefined) {
      let data8 = data.limits;
      if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
        for (const key3 in data8) {
          if (!func1.call(schema31.properties.limits.properties, key3)) {
            const err17 = {
              instancePath: instancePath + "/limits",
              schemaPath: "#/properties/limits/additionalProperties",
              keyword: "additionalProperties",
              params: { additionalProperty: key3 },
              message: "must NOT have additional properties",
              schema: false,
              parentSchema: schema31.properties.limits,
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
        if (data8.activateMs !== undefined) {
          let data9 = data8.activateMs;
          if (!(typeof data9 == "number" && !(data9 % 1) && !isNaN(data9) && isFinite(data9))) {
            const err18 = {
              instancePath: instancePath + "/limits/activateMs",
              schemaPath: "#/$defs/limit/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema32.type,
              parentSchema: schema32,
              data: data9,
            };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
          if (typeof data9 == "number" && isFinite(data9)) {
            if (data9 < 1 || isNaN(data9)) {
              const err19 = {
                instancePath: instancePath + "/limits/activateMs",
                schemaPath: "#/$defs/limit/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 1 },
                message: "must be >= 1",
                schema: 1,
                parentSchema: schema32,
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
        }
        if (data8.startTurnMs !== undefined) {
          let data10 = data8.startTurnMs;
          if (!(typeof data10 == "number" && !(data10 % 1) && !isNaN(data10) && isFinite(data10))) {
            const err20 = {
              instancePath: instancePath + "/limits/startTurnMs",
              schemaPath: "#/$defs/limitOrNone/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema33.type,
              parentSchema: schema33,
              data: data10,
            };
            if (vErrors === null) {
              vErrors = [err20];
            } else {
              vErrors.push(err20);
            }
            errors++;
          }
          if (typeof data10 == "number" && isFinite(data10)) {
            if (data10 < 0 || isNaN(data10)) {
              const err21 = {
                instancePath: instancePath + "/limits/startTurnMs",
                schemaPath: "#/$defs/limitOrNone/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 0 },
                message: "must be >= 0",
                schema: 0,
                parentSchema: schema33,
                data: data10,
              };
              if (vErrors === null) {
                vErrors = [err21];
              } else {
                vErrors.push(err21);
              }
              errors++;
            }
          }
        }
        if (data8.deactivateMs !== undefined) {
          let data11 = data8.deactivateMs;
          if (!(typeof data11 == "number" && !(data11 % 1) && !isNaN(data11) && isFinite(data11))) {
            const err22 = {
              instancePath: instancePath + "/limits/deactivateMs",
              schemaPath: "#/$defs/limit/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema32.type,
              parentSchema: schema32,
              data: data11,
            };
            if (vErrors === null) {
              vErrors = [err22];
            } else {
              vErrors.push(err22);
            }
            errors++;
          }
          if (typeof data11 == "number" && isFinite(data11)) {
            if (data11 < 1 || isNaN(data11)) {
              const err23 = {
                instancePath: instancePath + "/limits/deactivateMs",
                schemaPath: "#/$defs/limit/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 1 },
                message: "must be >= 1",
                schema: 1,
                parentSchema: schema32,
                data: data11,
              };
              if (vErrors === null) {
                vErrors = [err23];
              } else {
                vErrors.push(err23);
              }
              errors++;
            }
          }
        }
        if (data8.callMs !== undefined) {
          let data12 = data8.callMs;
          if (!(typeof data12 == "number" && !(data12 % 1) && !isNaN(data12) && isFinite(data12))) {
            const err24 = {
              instancePath: instancePath + "/limits/callMs",
              schemaPath: "#/$defs/limitOrNone/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema33.type,
              parentSchema: schema33,
              data: data12,
            };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
          if (typeof data12 == "number" && isFinite(data12)) {
            if (data12 < 0 || isNaN(data12)) {
              const err25 = {
                instancePath: instancePath + "/limits/callMs",
                schemaPath: "#/$defs/limitOrNone/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 0 },
                message: "must be >= 0",
                schema: 0,
                parentSchema: schema33,
                data: data12,
              };
              if (vErrors === null) {
                vErrors = [err25];
              } else {
                vErrors.push(err25);
              }
              errors++;
            }
          }
        }
        if (data8.drainMs !== undefined) {
          let data13 = data8.drainMs;
          if (!(typeof data13 == "number" && !(data13 % 1) && !isNaN(data13) && isFinite(data13))) {
            const err26 = {
              instancePath: instancePath + "/limits/drainMs",
              schemaPath: "#/$defs/limitOrNone/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema33.type,
              parentSchema: schema33,
              data: data13,
            };
            if (vErrors === null) {
              vErrors = [err26];
            } else {
              vErrors.push(err26);
            }
            errors++;
          }
          if (typeof data13 == "number" && isFinite(data13)) {
            if (data13 < 0 || isNaN(data13)) {
              const err27 = {
                instancePath: instancePath + "/limits/drainMs",
                schemaPath: "#/$defs/limitOrNone/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 0 },
                message: "must be >= 0",
                schema: 0,
                parentSchema: schema33,
                data: data13,
              };
              if (vErrors === null) {
                vErrors = [err27];
              } else {
                vErrors.push(err27);
              }
              errors++;
            }
          }
        }
        if (data8.stopMs !== undefined) {
          let data14 = data8.stopMs;
          if (!(typeof data14 == "number" && !(data14 % 1) && !isNaN(data14) && isFinite(data14))) {
            const err28 = {
              instancePath: instancePath + "/limits/stopMs",
              schemaPath: "#/$defs/limit/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema32.type,
              parentSchema: schema32,
              data: data14,
            };
            if (vErrors === null) {
              vErrors = [err28];
            } else {
              vErrors.push(err28);
            }
            errors++;
          }
          if (typeof data14 == "number" && isFinite(data14)) {
            if (data14 < 1 || isNaN(data14)) {
              const err29 = {
                instancePath: instancePath + "/limits/stopMs",
                schemaPath: "#/$defs/limit/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 1 },
                message: "must be >= 1",
                schema: 1,
                parentSchema: schema32,
                data: data14,
              };
              if (vErrors === null) {
                vErrors = [err29];
              } else {
                vErrors.push(err29);
              }
              errors++;
            }
          }
        }
        if (data8.dependencyMs !== undefined) {
          let data15 = data8.dependencyMs;
          if (!(typeof data15 == "number" && !(data15 % 1) && !isNaN(data15) && isFinite(data15))) {
            const err30 = {
              instancePath: instancePath + "/limits/dependencyMs",
              schemaPath: "#/$defs/limitOrNone/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema33.type,
              parentSchema: schema33,
              data: data15,
            };
            if (vErrors === null) {
              vErrors = [err30];
            } else {
              vErrors.push(err30);
            }
            errors++;
          }
          if (typeof data15 == "number" && isFinite(data15)) {
            if (data15 < 0 || isNaN(data15)) {
              const err31 = {
                instancePath: instancePath + "/limits/dependencyMs",
                schemaPath: "#/$defs/limitOrNone/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 0 },
                message: "must be >= 0",
                schema: 0,
                parentSchema: schema33,
                data: data15,
              };
              if (vErrors === null) {
                vErrors = [err31];
              } else {
                vErrors.push(err31);
              }
              errors++;
            }
          }
        }
        if (data8.queuedCalls !== undefined) {
          let data16 = data8.queuedCalls;
          if (!(typeof data16 == "number" && !(data16 % 1) && !isNaN(data16) && isFinite(data16))) {
            const err32 = {
              instancePath: instancePath + "/limits/queuedCalls",
              schemaPath: "#/$defs/limit/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema32.type,
              parentSchema: schema32,
              data: data16,
            };
            if (vErrors === null) {
              vErrors = [err32];
            } else {
              vErrors.push(err32);
            }
            errors++;
          }
          if (typeof data16 == "number" && isFinite(data16)) {
            if (data16 < 1 || isNaN(data16)) {
              const err33 = {
                instancePath: instancePath + "/limits/queuedCalls",
                schemaPath: "#/$defs/limit/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 1 },
                message: "must be >= 1",
                schema: 1,
                parentSchema: schema32,
                data: data16,
              };
              if (vErrors === null) {
                vErrors = [err33];
              } else {
                vErrors.push(err33);
              }
              errors++;
            }
          }
        }
        if (data8.callBytes !== undefined) {
          let data17 = data8.callBytes;
          if (!(typeof data17 == "number" && !(data17 % 1) && !isNaN(data17) && isFinite(data17))) {
            const err34 = {
              instancePath: instancePath + "/limits/callBytes",
              schemaPath: "#/properties/limits/properties/callBytes/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema31.properties.limits.properties.callBytes.type,
              parentSchema: schema31.properties.limits.properties.callBytes,
              data: data17,
            };
            if (vErrors === null) {
              vErrors = [err34];
            } else {
              vErrors.push(err34);
            }
            errors++;
          }
          if (typeof data17 == "number" && isFinite(data17)) {
            if (data17 < 1 || isNaN(data17)) {
              const err35 = {
                instancePath: instancePath + "/limits/callBytes",
                schemaPath: "#/properties/limits/properties/callBytes/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 1 },
                message: "must be >= 1",
                schema: 1,
                parentSchema: schema31.properties.limits.properties.callBytes,
                data: data17,
              };
              if (vErrors === null) {
                vErrors = [err35];
              } else {
                vErrors.push(err35);
              }
              errors++;
            }
          }
        }
        if (data8.incompleteMs !== undefined) {
          let data18 = data8.incompleteMs;
          if (!(typeof data18 == "number" && !(data18 % 1) && !isNaN(data18) && isFinite(data18))) {
            const err36 = {
              instancePath: instancePath + "/limits/incompleteMs",
              schemaPath: "#/$defs/limitOrNone/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema33.type,
              parentSchema: schema33,
              data: data18,
            };
            if (vErrors === null) {
              vErrors = [err36];
            } else {
              vErrors.push(err36);
            }
            errors++;
          }
          if (typeof data18 == "number" && isFinite(data18)) {
            if (data18 < 0 || isNaN(data18)) {
              const err37 = {
                instancePath: instancePath + "/limits/incompleteMs",
                schemaPath: "#/$defs/limitOrNone/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 0 },
                message: "must be >= 0",
                schema: 0,
                parentSchema: schema33,
                data: data18,
              };
              if (vErrors === null) {
                vErrors = [err37];
              } else {
                vErrors.push(err37);
              }
              errors++;
            }
          }
        }
        if (data8.unresponsiveMs !== undefined) {
          let data19 = data8.unresponsiveMs;
          if (!(typeof data19 == "number" && !(data19 % 1) && !isNaN(data19) && isFinite(data19))) {
            const err38 = {
              instancePath: instancePath + "/limits/unresponsiveMs",
              schemaPath: "#/$defs/limit/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema32.type,
              parentSchema: schema32,
              data: data19,
            };
            if (vErrors === null) {
              vErrors = [err38];
            } else {
              vErrors.push(err38);
            }
            errors++;
          }
          if (typeof data19 == "number" && isFinite(data19)) {
            if (data19 < 1 || isNaN(data19)) {
              const err39 = {
                instancePath: instancePath + "/limits/unresponsiveMs",
                schemaPath: "#/$defs/limit/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 1 },
                message: "must be >= 1",
                schema: 1,
                parentSchema: schema32,
                data: data19,
              };
              if (vErrors === null) {
                vErrors = [err39];
              } else {
                vErrors.push(err39);
              }
              errors++;
            }
          }
        }
        if (data8.memoryBytes !== undefined) {
          let data20 = data8.memoryBytes;
          if (!(typeof data20 == "number" && !(data20 % 1) && !isNaN(data20) && isFinite(data20))) {
            const err40 = {
              instancePath: instancePath + "/limits/memoryBytes",
              schemaPath: "#/properties/limits/properties/memoryBytes/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema31.properties.limits.properties.memoryBytes.type,
              parentSchema: schema31.properties.limits.properties.memoryBytes,
              data: data20,
            };
            if (vErrors === null) {
              vErrors = [err40];
            } else {
              vErrors.push(err40);
            }
            errors++;
          }
          if (typeof data20 == "number" && isFinite(data20)) {
            if (data20 < 1 || isNaN(data20)) {
              const err41 = {
                instancePath: instancePath + "/limits/memoryBytes",
                schemaPath: "#/properties/limits/properties/memoryBytes/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 1 },
                message: "must be >= 1",
                schema: 1,
                parentSchema: schema31.properties.limits.properties.memoryBytes,
                data: data20,
              };
              if (vErrors === null) {
                vErrors = [err41];
              } else {
                vErrors.push(err41);
              }
              errors++;
            }
          }
        }
        if (data8.retryMs !== undefined) {
          let data21 = data8.retryMs;
          if (!(typeof data21 == "number" && !(data21 % 1) && !isNaN(data21) && isFinite(data21))) {
            const err42 = {
              instancePath: instancePath + "/limits/retryMs",
              schemaPath: "#/$defs/limitOrNone/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema33.type,
              parentSchema: schema33,
              data: data21,
            };
            if (vErrors === null) {
              vErrors = [err42];
            } else {
              vErrors.push(err42);
            }
            errors++;
          }
          if (typeof data21 == "number" && isFinite(data21)) {
            if (data21 < 0 || isNaN(data21)) {
              const err43 = {
                instancePath: instancePath + "/limits/retryMs",
                schemaPath: "#/$defs/limitOrNone/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 0 },
                message: "must be >= 0",
                schema: 0,
                parentSchema: schema33,
                data: data21,
              };
              if (vErrors === null) {
                vErrors = [err43];
              } else {
                vErrors.push(err43);
              }
              errors++;
            }
          }
        }
      } else {
        const err44 = {
          instancePath: instancePath + "/limits",
          schemaPath: "#/properties/limits/type",
          keyword: "type",
          params: { type: "object" },
          message: "must be object",
          schema: schema31.properties.limits.type,
          parentSchema: schema31.properties.limits,
          data: data8,
        };
        if (vErrors === null) {
          vErrors = [err44];
        } else {
          vErrors.push(err44);
        }
        errors++;
      }
    }
    if (data.restart !== undefined) {
      let data22 = data.restart;
      if (data22 && typeof data22 == "object" && !Array.isArray(data22)) {
        for (const key4 in data22) {
          if (!(
            key4 === "delaysMs" ||
            key4 === "budget" ||
            key4 === "windowMs" ||
            key4 === "unresponsiveMs"
          )) {
            const err45 = {
              instancePath: instancePath + "/restart",
              schemaPath: "#/properties/restart/additionalProperties",
              keyword: "additionalProperties",
              params: { additionalProperty: key4 },
              message: "must NOT have additional properties",
              schema: false,
              parentSchema: schema31.properties.restart,
              data: data22,
            };
            if (vErrors === null) {
              vErrors = [err45];
            } else {
              vErrors.push(err45);
            }
            errors++;
          }
        }
        if (data22.delaysMs !== undefined) {
          let data23 = data22.delaysMs;
          if (Array.isArray(data23)) {
            if (data23.length < 1) {
              const err46 = {
                instancePath: instancePath + "/restart/delaysMs",
                schemaPath: "#/properties/restart/properties/delaysMs/minItems",
                keyword: "minItems",
                params: { limit: 1 },
                message: "must NOT have fewer than 1 items",
                schema: 1,
                parentSchema: schema31.properties.restart.properties.delaysMs,
                data: data23,
              };
              if (vErrors === null) {
                vErrors = [err46];
              } else {
                vErrors.push(err46);
              }
              errors++;
            }
            const len2 = data23.length;
            for (let i4 = 0; i4 < len2; i4++) {
              let data24 = data23[i4];
              if (!(typeof data24 == "number" && !(data24 % 1) && !isNaN(data24) && isFinite(data24))) {
                const err47 = {
                  instancePath: instancePath + "/restart/delaysMs/" + i4,
                  schemaPath: "#/properties/restart/properties/delaysMs/items/type",
                  keyword: "type",
                  params: { type: "integer" },
                  message: "must be integer",
                  schema: schema31.properties.restart.properties.delaysMs.items.type,
                  parentSchema: schema31.properties.restart.properties.delaysMs.items,
                  data: data24,
                };
                if (vErrors === null) {
                  vErrors = [err47];
                } else {
                  vErrors.push(err47);
                }
                errors++;
              }
              if (typeof data24 == "number" && isFinite(data24)) {
                if (data24 < 0 || isNaN(data24)) {
                  const err48 = {
                    instancePath: instancePath + "/restart/delaysMs/" + i4,
                    schemaPath: "#/properties/restart/properties/delaysMs/items/minimum",
                    keyword: "minimum",
                    params: { comparison: ">=", limit: 0 },
                    message: "must be >= 0",
                    schema: 0,
                    parentSchema: schema31.properties.restart.properties.delaysMs.items,
                    data: data24,
                  };
                  if (vErrors === null) {
                    vErrors = [err48];
                  } else {
                    vErrors.push(err48);
                  }
                  errors++;
                }
              }
            }
          } else {
            const err49 = {
              instancePath: instancePath + "/restart/delaysMs",
              schemaPath: "#/properties/restart/properties/delaysMs/type",
              keyword: "type",
              params: { type: "array" },
              message: "must be array",
              schema: schema31.properties.restart.properties.delaysMs.type,
              parentSchema: schema31.properties.restart.properties.delaysMs,
              data: data23,
            };
            if (vErrors === null) {
              vErrors = [err49];
            } else {
              vErrors.push(err49);
            }
            errors++;
          }
        }
        if (data22.budget !== undefined) {
          let data25 = data22.budget;
          if (!(typeof data25 == "number" && !(data25 % 1) && !isNaN(data25) && isFinite(data25))) {
            const err50 = {
              instancePath: instancePath + "/restart/budget",
              schemaPath: "#/$defs/limit/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema32.type,
              parentSchema: schema32,
              data: data25,
            };
            if (vErrors === null) {
              vErrors = [err50];
            } else {
              vErrors.push(err50);
            }
            errors++;
          }
          if (typeof data25 == "number" && isFinite(data25)) {
            if (data25 < 1 || isNaN(data25)) {
              const err51 = {
                instancePath: instancePath + "/restart/budget",
                schemaPath: "#/$defs/limit/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 1 },
                message: "must be >= 1",
                schema: 1,
                parentSchema: schema32,
                data: data25,
              };
              if (vErrors === null) {
                vErrors = [err51];
              } else {
                vErrors.push(err51);
              }
              errors++;
            }
          }
        }
        if (data22.windowMs !== undefined) {
          let data26 = data22.windowMs;
          if (!(typeof data26 == "number" && !(data26 % 1) && !isNaN(data26) && isFinite(data26))) {
            const err52 = {
              instancePath: instancePath + "/restart/windowMs",
              schemaPath: "#/$defs/limitOrNone/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema33.type,
              parentSchema: schema33,
              data: data26,
            };
            if (vErrors === null) {
              vErrors = [err52];
            } else {
              vErrors.push(err52);
            }
            errors++;
          }
          if (typeof data26 == "number" && isFinite(data26)) {
            if (data26 < 0 || isNaN(data26)) {
              const err53 = {
                instancePath: instancePath + "/restart/windowMs",
                schemaPath: "#/$defs/limitOrNone/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 0 },
                message: "must be >= 0",
                schema: 0,
                parentSchema: schema33,
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
        }
        if (data22.unresponsiveMs !== undefined) {
          let data27 = data22.unresponsiveMs;
          if (!(typeof data27 == "number" && !(data27 % 1) && !isNaN(data27) && isFinite(data27))) {
            const err54 = {
              instancePath: instancePath + "/restart/unresponsiveMs",
              schemaPath: "#/$defs/limitOrNone/type",
              keyword: "type",
              params: { type: "integer" },
              message: "must be integer",
              schema: schema33.type,
              parentSchema: schema33,
              data: data27,
            };
            if (vErrors === null) {
              vErrors = [err54];
            } else {
              vErrors.push(err54);
            }
            errors++;
          }
          if (typeof data27 == "number" && isFinite(data27)) {
            if (data27 < 0 || isNaN(data27)) {
              const err55 = {
                instancePath: instancePath + "/restart/unresponsiveMs",
                schemaPath: "#/$defs/limitOrNone/minimum",
                keyword: "minimum",
                params: { comparison: ">=", limit: 0 },
                message: "must be >= 0",
                schema: 0,
                parentSchema: schema33,
                data: data27,
              };
              if (vErrors === null) {
                vErrors = [err55];
              } else {
                vErrors.push(err55);
              }
              errors++;
            }
          }
        }
      } else {
        const err56 = {
          instancePath: instancePath + "/restart",
          schemaPath: "#/properties/restart/type",
          keyword: "type",
          params: { type: "object" },
          message: "must be object",
          schema: schema31.properties.restart.type,
          parentSchema: schema31.properties.restart,
          data: data22,
        };
        if (vErrors === null) {
          vErrors = [err56];
        } else {
          vErrors.push(err56);
        }
        errors++;
      }
    }
    if (data.enabled !== undefined) {
      if (
        !validate21(data.enabled, {
          instancePath: instancePath + "/enabled",
          parentData: data,
          parentDataProperty: "enabled",
          rootData,
          dynamicAnchors,
        })
      ) {
        vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
        errors = vErrors.length;
      }
    }
    if (data.disabled !== undefined) {
      if (
        !validate21(data.disabled, {
          instancePath: instancePath + "/disabled",
          parentData: data,
          parentDataProperty: "disabled",
          rootData,
          dynamicAnchors,
        })
      ) {
        vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
        errors = vErrors.length;
      }
    }
    if (data.trust !== undefined) {
      let data30 = data.trust;
      if (!(data30 === "all" || data30 === "asked")) {
        const err57 = {
          instancePath: instancePath + "/trust",
          schemaPath: "#/properties/trust/enum",
          keyword: "enum",
          params: { allowedValues: schema31.properties.trust.enum },
          message: "must be equal to one of the allowed values",
          schema: schema31.properties.trust.enum,
          parentSchema: schema31.properties.trust,
          data: data30,
        };
        if (vErrors === null) {
          vErrors = [err57];
        } else {
          vErrors.push(err57);
        }
        errors++;
      }
    }
    if (data.keys !== undefined) {
      let data31 = data.keys;
      if (typeof data31 === "string") {
        if (data31.length < 1) {
          const err58 = {
            instancePath: instancePath + "/keys",
            schemaPath: "#/properties/keys/minLength",
            keyword: "minLength",
            params: { limit: 1 },
            message: "must NOT have fewer than 1 characters",
            schema: 1,
            parentSchema: schema31.properties.keys,
            data: data31,
          };
          if (vErrors === null) {
            vErrors = [err58];
          } else {
            vErrors.push(err58);
          }
          errors++;
        }
      } else {
        const err59 = {
          instancePath: instancePath + "/keys",
          schemaPath: "#/properties/keys/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.keys.type,
          parentSchema: schema31.properties.keys,
          data: data31,
        };
        if (vErrors === null) {
          vErrors = [err59];
        } else {
          vErrors.push(err59);
        }
        errors++;
      }
    }
    if (data.revokedKeys !== undefined) {
      let data32 = data.revokedKeys;
      if (!(data32 === "stop" || data32 === "next start")) {
        const err60 = {
          instancePath: instancePath + "/revokedKeys",
          schemaPath: "#/properties/revokedKeys/enum",
          keyword: "enum",
          params: { allowedValues: schema31.properties.revokedKeys.enum },
          message: "must be equal to one of the allowed values",
          schema: schema31.properties.revokedKeys.enum,
          parentSchema: schema31.properties.revokedKeys,
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
    if (data.lockfile !== undefined) {
      let data33 = data.lockfile;
      if (typeof data33 === "string") {
        if (data33.length < 1) {
          const err61 = {
            instancePath: instancePath + "/lockfile",
            schemaPath: "#/properties/lockfile/minLength",
            keyword: "minLength",
            params: { limit: 1 },
            message: "must NOT have fewer than 1 characters",
            schema: 1,
            parentSchema: schema31.properties.lockfile,
            data: data33,
          };
          if (vErrors === null) {
            vErrors = [err61];
          } else {
            vErrors.push(err61);
          }
          errors++;
        }
      } else {
        const err62 = {
          instancePath: instancePath + "/lockfile",
          schemaPath: "#/properties/lockfile/type",
          keyword: "type",
          params: { type: "string" },
          message: "must be string",
          schema: schema31.properties.lockfile.type,
          parentSchema: schema31.properties.lockfile,
          data: data33,
        };
        if (vErrors === null) {
          vErrors = [err62];
        } else {
          vErrors.push(err62);
        }
        errors++;
      }
    }
    if (data.grants !== undefined) {
      let data34 = data.grants;
      if (data34 && typeof data34 == "object" && !Array.isArray(data34)) {
        for (const key5 in data34) {
          const _errs86 = errors;
          if (typeof key5 === "string") {
            if (!pattern5.test(key5)) {
              const err63 = {
                instancePath: instancePath + "/grants",
                schemaPath: "#/$defs/id/pattern",
                keyword: "pattern",
                params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
                message: 'must match pattern "' + "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" + '"',
                schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
                parentSchema: schema47,
                data: key5,
                propertyName: key5,
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
              instancePath: instancePath + "/grants",
              schemaPath: "#/$defs/id/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema47.type,
              parentSchema: schema47,
              data: key5,
              propertyName: key5,
            };
            if (vErrors === null) {
              vErrors = [err64];
            } else {
              vErrors.push(err64);
            }
            errors++;
          }
          var valid27 = _errs86 === errors;
          if (!valid27) {
            const err65 = {
              instancePath: instancePath + "/grants",
              schemaPath: "#/properties/grants/propertyNames",
              keyword: "propertyNames",
              params: { propertyName: key5 },
              message: "property name must be valid",
              schema: schema31.properties.grants.propertyNames,
              parentSchema: schema31.properties.grants,
              data: data34,
            };
            if (vErrors === null) {
              vErrors = [err65];
            } else {
              vErrors.push(err65);
            }
            errors++;
          }
        }
        for (const key6 in data34) {
          let data35 = data34[key6];
          if (data35 && typeof data35 == "object" && !Array.isArray(data35)) {
            for (const key7 in data35) {
              if (!func1.call(schema31.properties.grants.additionalProperties.properties, key7)) {
                const err66 = {
                  instancePath: instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),
                  schemaPath: "#/properties/grants/additionalProperties/additionalProperties",
                  keyword: "additionalProperties",
                  params: { additionalProperty: key7 },
                  message: "must NOT have additional properties",
                  schema: false,
                  parentSchema: schema31.properties.grants.additionalProperties,
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
            if (data35.fs !== undefined) {
              let data36 = data35.fs;
              if (data36 && typeof data36 == "object" && !Array.isArray(data36)) {
                for (const key8 in data36) {
                  if (!(key8 === "read" || key8 === "write")) {
                    const err67 = {
                      instancePath:
                        instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/fs",
                      schemaPath:
                        "#/properties/grants/additionalProperties/properties/fs/additionalProperties",
                      keyword: "additionalProperties",
                      params: { additionalProperty: key8 },
                      message: "must NOT have additional properties",
                      schema: false,
                      parentSchema: schema31.properties.grants.additionalProperties.properties.fs,
                      data: data36,
                    };
                    if (vErrors === null) {
                      vErrors = [err67];
                    } else {
                      vErrors.push(err67);
                    }
                    errors++;
                  }
                }
                if (data36.read !== undefined) {
                  let data37 = data36.read;
                  if (Array.isArray(data37)) {
                    const len3 = data37.length;
                    for (let i5 = 0; i5 < len3; i5++) {
                      let data38 = data37[i5];
                      if (typeof data38 !== "string") {
                        const err68 = {
                          instancePath:
                            instancePath +
                            "/grants/" +
                            key6.replace(/~/g, "~0").replace(/\//g, "~1") +
                            "/fs/read/" +
                            i5,
                          schemaPath:
                            "#/properties/grants/additionalProperties/properties/fs/properties/read/items/type",
                          keyword: "type",
                          params: { type: "string" },
                          message: "must be string",
                          schema:
                            schema31.properties.grants.additionalProperties.properties.fs.properties.read
                              .items.type,
                          parentSchema:
                            schema31.properties.grants.additionalProperties.properties.fs.properties.read
                              .items,
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
                  } else {
                    const err69 = {
                      instancePath:
                        instancePath +
                        "/grants/" +
                        key6.replace(/~/g, "~0").replace(/\//g, "~1") +
                        "/fs/read",
                      schemaPath:
                        "#/properties/grants/additionalProperties/properties/fs/properties/read/type",
                      keyword: "type",
                      params: { type: "array" },
                      message: "must be array",
                      schema:
                        schema31.properties.grants.additionalProperties.properties.fs.properties.read.type,
                      parentSchema:
                        schema31.properties.grants.additionalProperties.properties.fs.properties.read,
                      data: data37,
                    };
                    if (vErrors === null) {
                      vErrors = [err69];
                    } else {
                      vErrors.push(err69);
                    }
                    errors++;
                  }
                }
                if (data36.write !== undefined) {
                  let data39 = data36.write;
                  if (Array.isArray(data39)) {
                    const len4 = data39.length;
                    for (let i6 = 0; i6 < len4; i6++) {
                      let data40 = data39[i6];
                      if (typeof data40 !== "string") {
                        const err70 = {
                          instancePath:
                            instancePath +
                            "/grants/" +
                            key6.replace(/~/g, "~0").replace(/\//g, "~1") +
                            "/fs/write/" +
                            i6,
                          schemaPath:
                            "#/properties/grants/additionalProperties/properties/fs/properties/write/items/type",
                          keyword: "type",
                          params: { type: "string" },
                          message: "must be string",
                          schema:
                            schema31.properties.grants.additionalProperties.properties.fs.properties.write
                              .items.type,
                          parentSchema:
                            schema31.properties.grants.additionalProperties.properties.fs.properties.write
                              .items,
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
                      instancePath:
                        instancePath +
                        "/grants/" +
                        key6.replace(/~/g, "~0").replace(/\//g, "~1") +
                        "/fs/write",
                      schemaPath:
                        "#/properties/grants/additionalProperties/properties/fs/properties/write/type",
                      keyword: "type",
                      params: { type: "array" },
                      message: "must be array",
                      schema:
                        schema31.properties.grants.additionalProperties.properties.fs.properties.write.type,
                      parentSchema:
                        schema31.properties.grants.additionalProperties.properties.fs.properties.write,
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
              } else {
                const err72 = {
                  instancePath:
                    instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/fs",
                  schemaPath: "#/properties/grants/additionalProperties/properties/fs/type",
                  keyword: "type",
                  params: { type: "object" },
                  message: "must be object",
                  schema: schema31.properties.grants.additionalProperties.properties.fs.type,
                  parentSchema: schema31.properties.grants.additionalProperties.properties.fs,
                  data: data36,
                };
                if (vErrors === null) {
                  vErrors = [err72];
                } else {
                  vErrors.push(err72);
                }
                errors++;
              }
            }
            if (data35.net !== undefined) {
              let data41 = data35.net;
              if (!Array.isArray(data41) && typeof data41 !== "boolean") {
                const err73 = {
                  instancePath:
                    instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/net",
                  schemaPath: "#/$defs/listOrAll/type",
                  keyword: "type",
                  params: { type: schema49.type },
                  message: "must be array,boolean",
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data41,
                };
                if (vErrors === null) {
                  vErrors = [err73];
                } else {
                  vErrors.push(err73);
                }
                errors++;
              }
              if (Array.isArray(data41)) {
                const len5 = data41.length;
                for (let i7 = 0; i7 < len5; i7++) {
                  let data42 = data41[i7];
                  if (typeof data42 !== "string") {
                    const err74 = {
                      instancePath:
                        instancePath +
                        "/grants/" +
                        key6.replace(/~/g, "~0").replace(/\//g, "~1") +
                        "/net/" +
                        i7,
                      schemaPath: "#/$defs/listOrAll/items/type",
                      keyword: "type",
                      params: { type: "string" },
                      message: "must be string",
                      schema: schema49.items.type,
                      parentSchema: schema49.items,
                      data: data42,
                    };
                    if (vErrors === null) {
                      vErrors = [err74];
                    } else {
                      vErrors.push(err74);
                    }
                    errors++;
                  }
                }
              }
            }
            if (data35.env !== undefined) {
              let data43 = data35.env;
              if (!Array.isArray(data43) && typeof data43 !== "boolean") {
                const err75 = {
                  instancePath:
                    instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/env",
                  schemaPath: "#/$defs/listOrAll/type",
                  keyword: "type",
                  params: { type: schema49.type },
                  message: "must be array,boolean",
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data43,
                };
                if (vErrors === null) {
                  vErrors = [err75];
                } else {
                  vErrors.push(err75);
                }
                errors++;
              }
              if (Array.isArray(data43)) {
                const len6 = data43.length;
                for (let i8 = 0; i8 < len6; i8++) {
                  let data44 = data43[i8];
                  if (typeof data44 !== "string") {
                    const err76 = {
                      instancePath:
                        instancePath +
                        "/grants/" +
                        key6.replace(/~/g, "~0").replace(/\//g, "~1") +
                        "/env/" +
                        i8,
                      schemaPath: "#/$defs/listOrAll/items/type",
                      keyword: "type",
                      params: { type: "string" },
                      message: "must be string",
                      schema: schema49.items.type,
                      parentSchema: schema49.items,
                      data: data44,
                    };
                    if (vErrors === null) {
                      vErrors = [err76];
                    } else {
                      vErrors.push(err76);
                    }
                    errors++;
                  }
                }
              }
            }
            if (data35.group !== undefined) {
              let data45 = data35.group;
              if (typeof data45 === "string") {
                if (data45.length < 1) {
                  const err77 = {
                    instancePath:
                      instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/group",
                    schemaPath: "#/properties/grants/additionalProperties/properties/group/minLength",
                    keyword: "minLength",
                    params: { limit: 1 },
                    message: "must NOT have fewer than 1 characters",
                    schema: 1,
                    parentSchema: schema31.properties.grants.additionalProperties.properties.group,
                    data: data45,
                  };
                  if (vErrors === null) {
                    vErrors = [err77];
                  } else {
                    vErrors.push(err77);
                  }
                  errors++;
                }
              } else {
                const err78 = {
                  instancePath:
                    instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/group",
                  schemaPath: "#/properties/grants/additionalProperties/properties/group/type",
                  keyword: "type",
                  params: { type: "string" },
                  message: "must be string",
                  schema: schema31.properties.grants.additionalProperties.properties.group.type,
                  parentSchema: schema31.properties.grants.additionalProperties.properties.group,
                  data: data45,
                };
                if (vErrors === null) {
                  vErrors = [err78];
                } else {
                  vErrors.push(err78);
                }
                errors++;
              }
            }
            if (data35.childProcess !== undefined) {
              let data46 = data35.childProcess;
              if (typeof data46 !== "boolean") {
                const err79 = {
                  instancePath:
                    instancePath +
                    "/grants/" +
                    key6.replace(/~/g, "~0").replace(/\//g, "~1") +
                    "/childProcess",
                  schemaPath: "#/properties/grants/additionalProperties/properties/childProcess/type",
                  keyword: "type",
                  params: { type: "boolean" },
                  message: "must be boolean",
                  schema: schema31.properties.grants.additionalProperties.properties.childProcess.type,
                  parentSchema: schema31.properties.grants.additionalProperties.properties.childProcess,
                  data: data46,
                };
                if (vErrors === null) {
                  vErrors = [err79];
                } else {
                  vErrors.push(err79);
                }
                errors++;
              }
            }
            if (data35.workers !== undefined) {
              let data47 = data35.workers;
              if (typeof data47 !== "boolean") {
                const err80 = {
                  instancePath:
                    instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/workers",
                  schemaPath: "#/properties/grants/additionalProperties/properties/workers/type",
                  keyword: "type",
                  params: { type: "boolean" },
                  message: "must be boolean",
                  schema: schema31.properties.grants.additionalProperties.properties.workers.type,
                  parentSchema: schema31.properties.grants.additionalProperties.properties.workers,
                  data: data47,
                };
                if (vErrors === null) {
                  vErrors = [err80];
                } else {
                  vErrors.push(err80);
                }
                errors++;
              }
            }
            if (data35.addons !== undefined) {
              let data48 = data35.addons;
              if (typeof data48 !== "boolean") {
                const err81 = {
                  instancePath:
                    instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/addons",
                  schemaPath: "#/properties/grants/additionalProperties/properties/addons/type",
                  keyword: "type",
                  params: { type: "boolean" },
                  message: "must be boolean",
                  schema: schema31.properties.grants.additionalProperties.properties.addons.type,
                  parentSchema: schema31.properties.grants.additionalProperties.properties.addons,
                  data: data48,
                };
                if (vErrors === null) {
                  vErrors = [err81];
                } else {
                  vErrors.push(err81);
                }
                errors++;
              }
            }
            if (data35.wasi !== undefined) {
              let data49 = data35.wasi;
              if (typeof data49 !== "boolean") {
                const err82 = {
                  instancePath:
                    instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/wasi",
                  schemaPath: "#/properties/grants/additionalProperties/properties/wasi/type",
                  keyword: "type",
                  params: { type: "boolean" },
                  message: "must be boolean",
                  schema: schema31.properties.grants.additionalProperties.properties.wasi.type,
                  parentSchema: schema31.properties.grants.additionalProperties.properties.wasi,
                  data: data49,
                };
                if (vErrors === null) {
                  vErrors = [err82];
                } else {
                  vErrors.push(err82);
                }
                errors++;
              }
            }
            if (data35.services !== undefined) {
              let data50 = data35.services;
              if (Array.isArray(data50)) {
                const len7 = data50.length;
                for (let i9 = 0; i9 < len7; i9++) {
                  let data51 = data50[i9];
                  if (typeof data51 === "string") {
                    if (data51.length < 1) {
                      const err83 = {
                        instancePath:
                          instancePath +
                          "/grants/" +
                          key6.replace(/~/g, "~0").replace(/\//g, "~1") +
                          "/services/" +
                          i9,
                        schemaPath:
                          "#/properties/grants/additionalProperties/properties/services/items/minLength",
                        keyword: "minLength",
                        params: { limit: 1 },
                        message: "must NOT have fewer than 1 characters",
                        schema: 1,
                        parentSchema:
                          schema31.properties.grants.additionalProperties.properties.services.items,
                        data: data51,
                      };
                      if (vErrors === null) {
                        vErrors = [err83];
                      } else {
                        vErrors.push(err83);
                      }
                      errors++;
                    }
                  } else {
                    const err84 = {
                      instancePath:
                        instancePath +
                        "/grants/" +
                        key6.replace(/~/g, "~0").replace(/\//g, "~1") +
                        "/services/" +
                        i9,
                      schemaPath: "#/properties/grants/additionalProperties/properties/services/items/type",
                      keyword: "type",
                      params: { type: "string" },
                      message: "must be string",
                      schema: schema31.properties.grants.additionalProperties.properties.services.items.type,
                      parentSchema: schema31.properties.grants.additionalProperties.properties.services.items,
                      data: data51,
                    };
                    if (vErrors === null) {
                      vErrors = [err84];
                    } else {
                      vErrors.push(err84);
                    }
                    errors++;
                  }
                }
              } else {
                const err85 = {
                  instancePath:
                    instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1") + "/services",
                  schemaPath: "#/properties/grants/additionalProperties/properties/services/type",
                  keyword: "type",
                  params: { type: "array" },
                  message: "must be array",
                  schema: schema31.properties.grants.additionalProperties.properties.services.type,
                  parentSchema: schema31.properties.grants.additionalProperties.properties.services,
                  data: data50,
                };
                if (vErrors === null) {
                  vErrors = [err85];
                } else {
                  vErrors.push(err85);
                }
                errors++;
              }
            }
          } else {
            const err86 = {
              instancePath: instancePath + "/grants/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),
              schemaPath: "#/properties/grants/additionalProperties/type",
              keyword: "type",
              params: { type: "object" },
              message: "must be object",
              schema: schema31.properties.grants.additionalProperties.type,
              parentSchema: schema31.properties.grants.additionalProperties,
              data: data35,
            };
            if (vErrors === null) {
              vErrors = [err86];
            } else {
              vErrors.push(err86);
            }
            errors++;
          }
        }
      } else {
        const err87 = {
          instancePath: instancePath + "/grants",
          schemaPath: "#/properties/grants/type",
          keyword: "type",
          params: { type: "object" },
          message: "must be object",
          schema: schema31.properties.grants.type,
          parentSchema: schema31.properties.grants,
          data: data34,
        };
        if (vErrors === null) {
          vErrors = [err87];
        } else {
          vErrors.push(err87);
        }
        errors++;
      }
    }
    if (data.settings !== undefined) {
      let data52 = data.settings;
      if (data52 && typeof data52 == "object" && !Array.isArray(data52)) {
        for (const key9 in data52) {
          const _errs130 = errors;
          if (typeof key9 === "string") {
            if (!pattern5.test(key9)) {
              const err88 = {
                instancePath: instancePath + "/settings",
                schemaPath: "#/$defs/id/pattern",
                keyword: "pattern",
                params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
                message: 'must match pattern "' + "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" + '"',
                schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
                parentSchema: schema47,
                data: key9,
                propertyName: key9,
              };
              if (vErrors === null) {
                vErrors = [err88];
              } else {
                vErrors.push(err88);
              }
              errors++;
            }
          } else {
            const err89 = {
              instancePath: instancePath + "/settings",
              schemaPath: "#/$defs/id/type",
              keyword: "type",
              params: { type: "string" },
              message: "must be string",
              schema: schema47.type,
              parentSchema: schema47,
              data: key9,
              propertyName: key9,
            };
            if (vErrors === null) {
              vErrors = [err89];
            } else {
              vErrors.push(err89);
            }
            errors++;
          }
          var valid44 = _errs130 === errors;
          if (!valid44) {
            const err90 = {
              instancePath: instancePath + "/settings",
              schemaPath: "#/properties/settings/propertyNames",
              keyword: "propertyNames",
              params: { propertyName: key9 },
              message: "property name must be valid",
              schema: schema31.properties.settings.propertyNames,
              parentSchema: schema31.properties.settings,
              data: data52,
            };
            if (vErrors === null) {
              vErrors = [err90];
            } else {
              vErrors.push(err90);
            }
            errors++;
          }
        }
        for (const key10 in data52) {
          let data53 = data52[key10];
          if (!(data53 && typeof data53 == "object" && !Array.isArray(data53))) {
            const err91 = {
              instancePath: instancePath + "/settings/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"),
              schemaPath: "#/properties/settings/additionalProperties/type",
              keyword: "type",
              params: { type: "object" },
              message: "must be object",
              schema: schema31.properties.settings.additionalProperties.type,
              parentSchema: schema31.properties.settings.additionalProperties,
              data: data53,
            };
            if (vErrors === null) {
              vErrors = [err91];
            } else {
              vErrors.push(err91);
            }
            errors++;
          }
        }
      } else {
        const err92 = {
          instancePath: instancePath + "/settings",
          schemaPath: "#/properties/settings/type",
          keyword: "type",
          params: { type: "object" },
          message: "must be object",
          schema: schema31.properties.settings.type,
          parentSchema: schema31.properties.settings,
          data: data52,
        };
        if (vErrors === null) {
          vErrors = [err92];
        } else {
          vErrors.push(err92);
        }
        errors++;
      }
    }
  } else {
    const err93 = {
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
      vErrors = [err93];
    } else {
      vErrors.push(err93);
    }
    errors++;
  }
  validate20.errors = vErrors;
  return errors === 0;
}
validate20.evaluated = { props: true, dynamicProps: false, dynamicItems: false };
