// A program that has Lowrank.Adapters from a package: PEFT's quick tour on a model of TorchSharp's own layers, and a look at the TorchSharp.dll beside it.
using System.Diagnostics;
using System.Reflection;
using Lowrank;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

if (args is ["language"]) Console.WriteLine($"{0.5} {"I".ToLower()}");   // how this machine's language writes them
random.manual_seed(0);
set_num_threads(1);
using var net = new WordClassifier();
var words = randint(0, 32, [64, 6]);
var kinds = words.sum(1).remainder(4);
var plain = net.call(words).detach();
double before = Loss().ToDouble();

// ---- the tour
using var adapters = net.AddLora("q_proj,v_proj", rank: 8, alpha: 16, dropout: 0.1, whole: "classifier");
Console.WriteLine(adapters.TrainableSummary());

using var optimizer = new FusedAdamW(adapters.Trainable, learningRate: 1e-2);
for (int step = 0; step < 200; step++)
{
    using var scope = NewDisposeScope();
    optimizer.ZeroGrad();
    Loss().backward();
    optimizer.Step();
}
adapters.Save("my-adapter");
// ---- of training

net.eval();
double after = Loss().ToDouble();
var trained = net.call(words).detach();
adapters.Unload();
Check(after < before / 2, "training halves the loss");
Check(net.call(words).equal(plain).all().ToBoolean(), "detached, the network is what it was");

// ---- the tour
var loaded = net.Adapters();
loaded.Load("my-adapter", name: "mine");
var read = net.call(words).detach();
loaded.MergeAndUnload();
// ---- of using

Check(read.equal(trained).all().ToBoolean(), "read back, the adapter is what was trained");
Check(net.call(words).sub(trained).abs().max().ToDouble() < 1e-4, "merged and unloaded, the network has learnt it");
Check(File.Exists(Path.Combine("my-adapter", "adapter_config.json")), "the adapter is a folder of PEFT's");
Check(typeof(torch).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled, "TorchSharp.dll is the cured copy");
Console.WriteLine($"TorchSharp.dll: {typeof(torch).Assembly.Location}");

Tensor Loss() => nn.functional.cross_entropy(net.call(words), kinds);

static void Check(bool holds, string what)
{
    Console.WriteLine($"{(holds ? "yes" : "NO")}: {what}");
    if (!holds) Environment.ExitCode = 1;
}
