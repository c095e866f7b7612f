/* A photograph from a telephone is made smaller before it is sent: one of 4 MB takes a minute on a weak connection.
   What it does not know how to read leaves as it is. */
document.addEventListener("change", async (event) => {
  const field = event.target;
  const [photograph] = (field.matches?.("input[type=file][name=image-chooser-upload-file]") && field.files) || [];
  if (!photograph || photograph.type !== "image/jpeg" || photograph.size < 700_000) return;
  try {
    const drawn = await createImageBitmap(photograph);
    const scale = Math.min(1, 2400 / Math.max(drawn.width, drawn.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(drawn.width * scale);
    canvas.height = Math.round(drawn.height * scale);
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    if (!small || small.size >= photograph.size || field.files[0] !== photograph) return;
    const sent = new DataTransfer();
    sent.items.add(new File([small], photograph.name, { type: small.type }));
    field.files = sent.files;
  } catch {
    return;
  }
});
