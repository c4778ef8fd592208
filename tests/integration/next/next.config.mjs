// On the server the package is loaded as it is, so that it finds its wasm beside it.
export default { serverExternalPackages: ['vitrine'] };
