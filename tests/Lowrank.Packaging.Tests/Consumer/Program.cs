// A program that has Lowrank.Adapters from a package: it trains a LoRA, saves it, reads it back, and looks at the TorchSharp.dll beside it.
using System.Diagnostics;
using System.Reflection;
using Lowrank;
using Lowrank.Adapters;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

random.manual_seed(0);
set_num_threads(1);
var x = linspace(-3, 3, 64).unsqueeze(1);
var y = x.sin();
using var net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1));
var plain = net.call(x);
double before = Loss().ToDouble();

var model = ModelDescription.Of(net);
using var adapter = AdapterFactory.Create(model.Components[0].Targets.Select(t => t.Target), new LoraOptions(rank: 4, alpha: 8));
using var attachment = model.Attach(adapter);
using var optimizer = new FusedAdamW([new ParameterGroup([.. adapter.Trainable], 1e-2)]);
for (int step = 0; step < 100; step++)
{
    using var scope = torch.NewDisposeScope();
    optimizer.ZeroGrad();
    Loss().backward();
    optimizer.Step();
}
attachment.AssertUsed();
AdapterFile.Write("mine.safetensors", adapter, model);

var trained = net.call(x).detach();
Check(Loss().ToDouble() < before / 2, "training halves the loss");
attachment.Detach();
Check(net.call(x).equal(plain).all().ToBoolean(), "detached, the network is what it was");
using var again = AdapterFile.Read("mine.safetensors", model);
using var attachedAgain = model.Attach(again);
Check(net.call(x).equal(trained).all().ToBoolean(), "read back, the adapter is what was trained");

using var classifier = new WordClassifier();
using (var adapted = classifier.Described.Adapt("*_proj", new LoraOptions(rank: 2)))
    Check(adapted.Adapter.Targets.Count == 2, "a model file with TorchSharp.Modules and Lowrank beside each other is adapted");
Check(typeof(torch).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled, "TorchSharp.dll is the cured copy");
Console.WriteLine($"TorchSharp.dll: {typeof(torch).Assembly.Location}");

Tensor Loss() => nn.functional.mse_loss(net.call(x), y);

static void Check(bool holds, string what)
{
    Console.WriteLine($"{(holds ? "yes" : "NO")}: {what}");
    if (!holds) Environment.ExitCode = 1;
}
