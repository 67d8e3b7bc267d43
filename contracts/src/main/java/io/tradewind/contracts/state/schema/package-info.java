/**
 * The shapes of entity documents: a version per domain, and pure steps from one version to the next. Documents of an
 * earlier version are brought to the current one where they are read, from the log or from a snapshot, so that no
 * service ever meets an old shape. {@link io.tradewind.contracts.state.schema.Schemas#current()} declares what this
 * program knows; docs/MIGRATIONS.md says how to change a document's shape.
 */
package io.tradewind.contracts.state.schema;
