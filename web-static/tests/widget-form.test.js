// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { faultsFrom, faultsOf, readForm } from "../widget/models/form.js";

const asked = /** @type {import("../widget/models/form.js").FormAsked} */ (readForm({
  form: "prechat",
  title: "Before we start",
  fields: [
    { name: "name", label: "Your name", kind: "text", required: true },
    { name: "email", label: "Email", kind: "email" },
    { name: "terms", label: "I agree", kind: "checkbox", required: true },
  ],
}));
const good = { name: "Ida", email: "ida@fjordfern.example", terms: true };

describe("A form", () => {
  it("asks for what is required, and for an address that is one", () => {
    assert.deepEqual(faultsOf(asked, good), {});
    assert.deepEqual(faultsOf(asked, { ...good, name: "  ", terms: false }), {
      name: "fieldMissing", terms: "fieldMissing",
    });
    for (const email of ["ida", "ida@", "@example.com", "ida@example", "a b@example.com"]) {
      assert.deepEqual(faultsOf(asked, { ...good, email }), { email: "fieldEmail" }, email);
    }
  });

  it("lets a field be empty that is not required", () => {
    assert.deepEqual(faultsOf(asked, { ...good, email: "" }), {});
  });

  it("refuses more than fits", () => {
    assert.deepEqual(faultsOf(asked, { ...good, name: "x".repeat(201) }), { name: "fieldLong" });
  });

  it("shows a refusal of the server at the field it names", () => {
    assert.deepEqual(faultsFrom(asked, { field: "values.email" }), { email: "fieldEmail" });
    assert.deepEqual(faultsFrom(asked, { field: "name" }), { name: "fieldRefused" });
    assert.deepEqual(faultsFrom(asked, { field: "unknown" }), {});
    assert.deepEqual(faultsFrom(asked, undefined), {});
  });

  it("draws kinds it does not know as a line of text, and nothing without fields", () => {
    const form = readForm({ form: "f", fields: [{ name: "when", label: "When", kind: "date" }] });
    assert.equal(form?.fields[0].kind, "text");
    assert.equal(readForm({ form: "f", fields: [] }), null);
    assert.equal(readForm({ fields: [{ name: "x" }] }), null);
  });
});
