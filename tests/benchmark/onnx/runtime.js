// Runs ONNX files with ONNX Runtime. Lines on standard input: MODEL PHOTO SIDE PAINTING (raw float32 CHW files);
// for each it prints the seconds that one run took.
//   node runtime.js FOLDER-OF-NODE-MODULES THREADS
const { createRequire } = require("module");
const fs = require("fs");
const path = require("path");
const readline = require("readline");

const [folder, threads] = process.argv.slice(2);
const ort = createRequire(path.join(path.resolve(folder), "x.js"))("onnxruntime-node");
const sessions = new Map();

async function open(model) {
    if (!sessions.has(model))
        sessions.set(model, await ort.InferenceSession.create(model, {
            intraOpNumThreads: Number(threads),
            interOpNumThreads: 1,
            executionMode: "sequential",
            graphOptimizationLevel: "all",
        }));
    return sessions.get(model);
}

async function main() {
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const [model, photo, side, painting] = line.split(" ");
        const session = await open(model);
        const bytes = fs.readFileSync(photo);
        const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
        const tensor = new ort.Tensor("float32", data, [1, 3, Number(side), Number(side)]);
        const start = process.hrtime.bigint();
        const result = (await session.run({ photo: tensor }))[session.outputNames[0]];
        const seconds = Number(process.hrtime.bigint() - start) / 1e9;
        fs.writeFileSync(painting, Buffer.from(result.data.buffer, result.data.byteOffset, result.data.byteLength));
        console.log(seconds.toFixed(6));
    }
}

main().catch((error) => {
    console.error(String(error));
    process.exit(1);
});
