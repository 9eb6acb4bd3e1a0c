// A figure as pixels: the exported SVG drawn on a canvas at twice its size, on the colour of the panel.

export type Pixels = { rgba: Uint8Array; width: number; height: number };

const SCALE = 2;

export async function rasterise(svg: string, background: string): Promise<Pixels> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This system cannot draw on a canvas.");
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return { rgba: new Uint8Array(data.buffer), width: canvas.width, height: canvas.height };
}
