"""The jobs of docs/examples/jobs run: GNU parallel, and Slurm with one node of its own that lasts as long as the test.

A job is killed midway and submitted again; joined, its manifests are those of one undisturbed run.
"""
import glob
import os
import shutil
import socket
import subprocess
import time
import unittest

import yaml

from bench import Bench, PROGRAM, TIMEOUT

JOBS = os.path.join(os.environ["SOURCE_ROOT"], "docs", "examples", "jobs")
COUNT, SHARDS = 16, 4
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"  # where daemons are
SLURM = all(shutil.which(name, path=PATH) for name in ("sbatch", "squeue", "scancel", "slurmctld", "slurmd", "munged"))


class Cluster(Bench):
    """Photographs, and the environment that the scripts ask for."""

    def setUp(self):
        super().setUp()
        for number in range(COUNT):
            self.put(f"photos/{number % 3}/{number}.png", size=(120 + number, 80))
        self.pastiche("stylize", "photos", "-r", "--style", "red-one", "-o", "whole", "--manifest", "whole.jsonl")
        self.whole = self.joined("whole.jsonl")
        os.mkdir(self.path("bin"))
        os.symlink(PROGRAM, self.path("bin", "pastiche"))
        self.variables = {
            **os.environ, **self.environment, "PATH": self.path("bin") + ":" + PATH,
            "PHOTOS": self.path("photos"), "RESULTS": self.path("painted"), "MANIFESTS": self.path("manifests"),
            "STYLE": "red-one",
        }

    def joined(self, *manifests):
        self.pastiche("verify", *manifests, "-o", "joined.jsonl", "--on-conflict", "overwrite")
        return self.content("joined.jsonl")

    def manifests(self):
        return sorted(glob.glob(self.path("manifests", "*.jsonl")))

    def done(self):
        """Photographs that the manifests tell to be painted."""
        return sum(self.content(path).count(b'"status":"done"') for path in self.manifests())

    def wait(self, reached, what):
        end = time.monotonic() + TIMEOUT
        while not reached():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.02)

    def check(self):
        self.assertEqual(self.joined(*self.manifests()), self.whole)
        self.pastiche("verify", *self.manifests(), "--results", "painted")
        self.assertEqual(self.files("painted"), self.files("whole"))


@unittest.skipUnless(shutil.which("parallel"), "GNU parallel is not installed")
class Parallel(Cluster):
    def start_job(self):
        return subprocess.Popen([os.path.join(JOBS, "parallel.sh"), str(SHARDS)], env=self.variables, cwd=self.here,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                start_new_session=True)

    def test_killed(self):
        process = self.start_job()
        self.wait(lambda: self.done() >= 3, "nothing was painted")
        os.killpg(process.pid, 9)
        process.communicate()
        self.assertLess(self.done(), COUNT)
        self.pastiche("verify", *self.manifests(), status=75)
        process = self.start_job()
        _, said = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, 0, said)
        self.check()


@unittest.skipUnless(SLURM, "Slurm is not installed")
@unittest.skipUnless(os.geteuid() == 0, "only root can start a node of Slurm")
class Slurm(Cluster):
    """Its controller, node and munge have folders and ports of their own."""

    CONFIGURATION = """ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MpiDefault=none
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""

    def setUp(self):
        super().setUp()
        self.folder = self.path("slurm")
        for name in "", "state", "spool":
            os.mkdir(os.path.join(self.folder, name))
        self.put("slurm/key", os.urandom(1024))
        os.chmod(self.path("slurm/key"), 0o400)
        os.chmod(self.home, 0o755)
        os.chmod(self.here, 0o755)
        sockets = [socket.socket() for _ in range(2)]
        for free in sockets:
            free.bind(("127.0.0.1", 0))
        host = socket.gethostname().split(".")[0]
        self.put("slurm/slurm.conf", self.CONFIGURATION.format(
            host=host, folder=self.folder, cpus=os.cpu_count(),
            ports=[free.getsockname()[1] for free in sockets]).encode())
        for free in sockets:
            free.close()
        self.variables["SLURM_CONF"] = os.path.join(self.folder, "slurm.conf")
        self.daemon("munged", "--foreground", "--force", "--key-file=" + self.path("slurm/key"),
                    "--socket=" + self.path("slurm/munge.socket"), "--pid-file=" + self.path("slurm/munged.pid"),
                    "--log-file=" + self.path("slurm/munged.log"), "--seed-file=" + self.path("slurm/seed"))
        self.until_there("munge.socket")
        self.daemon("slurmctld", "-D", "-f", self.variables["SLURM_CONF"])
        self.daemon("slurmd", "-D", "-f", self.variables["SLURM_CONF"], "-N", host)
        end = time.monotonic() + 60
        while b"idle" not in self.ask("sinfo", "-h", "-o", "%T"):
            if time.monotonic() > end:
                self.skipTest("Slurm's node does not start here")
            time.sleep(0.2)

    def daemon(self, *words):
        process = subprocess.Popen([shutil.which(words[0], path=PATH), *words[1:]], env=self.variables,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)

    def until_there(self, name):
        end = time.monotonic() + 30
        while not os.path.exists(os.path.join(self.folder, name)):
            if time.monotonic() > end:
                self.skipTest("munge does not start here")
            time.sleep(0.05)

    def ask(self, *words):
        return subprocess.run(words, env=self.variables, capture_output=True, check=False, cwd=self.here).stdout

    def submit(self):
        job = self.ask("sbatch", "--parsable", f"--array=1-{SHARDS}", "--cpus-per-task=1", "--output=%a.log",
                       os.path.join(JOBS, "slurm-array.sh")).decode().strip()
        self.assertTrue(job.isdigit(), job)
        return job

    def is_over(self, job):
        return job.encode() not in self.ask("squeue", "-h", "-o", "%A %F")

    def test_killed(self):
        job = self.submit()
        self.wait(lambda: self.done() >= 2, "nothing was painted")
        self.ask("scancel", "--signal=KILL", "--full", job)
        self.ask("scancel", job)
        self.wait(lambda: self.is_over(job), "the job does not end")
        self.assertLess(self.done(), COUNT)
        job = self.submit()
        self.wait(lambda: self.is_over(job), "the job does not end")
        self.assertEqual(len(self.manifests()), SHARDS)
        self.check()


class Kubernetes(unittest.TestCase):
    def test_the_job_is_whole(self):
        """No cluster runs here; what the file says has to be what the program reads."""
        with open(os.path.join(JOBS, "kubernetes-job.yaml"), encoding="utf-8") as file:
            job = yaml.safe_load(file)
        spec = job["spec"]
        container = spec["template"]["spec"]["containers"][0]
        environment = {entry["name"]: entry.get("value") for entry in container["env"]}
        self.assertEqual(spec["completionMode"], "Indexed")
        self.assertEqual(environment["JOB_COMPLETIONS"], str(spec["completions"]))
        self.assertIn("JOB_COMPLETION_INDEX", environment)
        self.assertIn(environment["PASTICHE_CPU"], ("avx2", "avx512", "reference"))
        usage = subprocess.run([PROGRAM, "stylize", "--help"], capture_output=True, check=True).stdout.decode()
        for word in container["command"]:
            if word.startswith("--"):
                self.assertIn(word, usage)
