"""Too little memory for one photograph of a batch: one line for it, and the next is painted."""
import io
import resource

from PIL import Image

from bench import Bench


class Memory(Bench):
    def test_little_memory(self):
        for name, size in ("1_big.png", (3000, 2000)), ("2_small.png", (64, 64)):
            file = io.BytesIO()
            Image.linear_gradient("L").resize(size).convert("RGB").save(file, "PNG")
            self.put(name, file.getvalue())

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (300000 << 10, 300000 << 10))

        done = self.call("stylize", "1_big.png", "2_small.png", "--style", "red-one", "-o", "out/", "--threads", "2",
                         here=self.here, preexec_fn=limit)
        self.assertEqual((done.returncode, done.stdout), (75, "out/2_small-red-one.png\n"), done.stderr)
        self.assertRegex(done.stderr, r"\Apastiche: 1_big\.png: [^\n]*memory[^\n]*\n\Z")
