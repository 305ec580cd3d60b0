// Starts Swagger UI on /api/docs. Own file: the rest of this folder comes from swagger-ui-dist.
window.ui = SwaggerUIBundle({
  url: "/api/openapi.json",
  domNode: document.getElementById("api"),
  validatorUrl: null, // asks no server elsewhere
  persistAuthorization: false, // the key is forgotten with the page
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
});
