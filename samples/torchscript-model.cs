#:project ../src/Lowrank.Adapters/Lowrank.Adapters.csproj
// A LoRA on a model that was exported from PyTorch with torch.jit.save: dotnet run samples/torchscript-model.cs
// Its code is fixed and unknown here; adapters work through its weights. Word ids go in, two numbers come out.
using Lowrank;
using TorchSharp;
using static TorchSharp.torch;

random.manual_seed(0);
using var script = ScriptModel.Load(Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "samples", "..", "tests", "Goldens", "data", "torchscript", "tokens_scripted.pt"));
var model = ModelDescription.Of(script);
var x = randint(0, 20, [16, 6]);
using var before = script.call(x).detach();
var wanted = before + randn(before.shape) * before.std();

// Adapt, train, save.
using var attachment = model.Adapt("qkv, proj, fc1, fc2, head", new LoraOptions(rank: 8));
Train(400);
string folder = Path.Combine(Directory.CreateTempSubdirectory("lowrank-").FullName, "adapter");
AdapterFile.Write(folder, attachment.Adapter, model, "peft");
attachment.AssertUsed();

Console.WriteLine($"{model.Components[0].Targets.Count} layers were found in the script, {attachment.Adapter.Targets.Count} adapted, {attachment.Adapter.Trainable.Sum(p => p.numel())} numbers trained.");
Console.WriteLine($"Distance from what was wanted: {Loss(before):f4} before, {Loss(script.call(x)):f4} after.");
using (attachment.Disabled()) Console.WriteLine($"Without the adapter the script is what it was: {script.call(x).equal(before).all().ToBoolean()}.");

// PEFT reads the folder; so do we, and work it into the script's weights for good.
attachment.Detach();
using var again = AdapterFile.Read(folder, model);
using var read = model.Attach(again);
model.Merge();
Console.WriteLine($"Read from the folder and merged: {Loss(script.call(x)):f4}.");
Directory.Delete(folder, recursive: true);

double Loss(Tensor y) => nn.functional.mse_loss(y, wanted).ToDouble();

void Train(int steps)
{
    using var optimizer = new FusedAdamW([new ParameterGroup([.. attachment.Adapter.Trainable], 1e-2)]);
    for (int step = 0; step < steps; step++)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGrad();
        nn.functional.mse_loss(script.call(x), wanted).backward();
        optimizer.Step();
    }
}
