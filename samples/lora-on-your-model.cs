#:project ../src/Lowrank.Adapters/Lowrank.Adapters.csproj
// A LoRA on your own TorchSharp model: dotnet run samples/lora-on-your-model.cs
// The model knows nothing of adapters. Its layers must be run by .call(x), which runs hooks; .forward(x) does not.
using Lowrank;
using Lowrank.Adapters;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

random.manual_seed(0);
var x = linspace(-3, 3, 128).unsqueeze(1);
using var net = new YourNet();
Train(net.parameters(), x.sin(), 600);
Console.WriteLine($"Your network knows the sine: loss {Loss(x.sin()).ToSingle():f4}, cosine {Loss(x.cos()).ToSingle():f4}.");

// Adapt every linear layer with rank 4. The network's own weights are frozen while an adapter is attached.
var model = ModelDescription.Of(net);
using var adapter = AdapterFactory.Create(model.Components[0].Targets.Select(t => t.Target), new LoraOptions(rank: 4));
var attachment = model.Attach(adapter);
Train(adapter.Trainable.Cast<TorchSharp.Modules.Parameter>(), x.cos(), 600);
attachment.AssertUsed();
Console.WriteLine($"With the adapter it knows the cosine: loss {Loss(x.cos()).ToSingle():f4}, {adapter.Trainable.Sum(p => p.numel())} numbers trained.");

attachment.Strength = 0.5;
Console.WriteLine($"Halfway between: sine {Loss(x.sin()).ToSingle():f4}, cosine {Loss(x.cos()).ToSingle():f4}.");
attachment.Detach();
Console.WriteLine($"Without it nothing has changed: sine {Loss(x.sin()).ToSingle():f4}.");

// A file that is read back and worked into the weights for good speed.
string path = Path.Combine(Directory.CreateTempSubdirectory("lowrank-").FullName, "cosine.safetensors");
AdapterFile.Write(path, adapter, model);
using var again = AdapterFile.Read(path, model);
model.Attach(again);
model.Merge();
Console.WriteLine($"Read from {new FileInfo(path).Length} bytes and merged: cosine {Loss(x.cos()).ToSingle():f4}.");

Tensor Loss(Tensor y) => nn.functional.mse_loss(net.call(x), y);

void Train(IEnumerable<TorchSharp.Modules.Parameter> parameters, Tensor y, int steps)
{
    using var optimizer = optim.Adam(parameters, 1e-2);
    for (int step = 0; step < steps; step++)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        Loss(y).backward();
        optimizer.step();
    }
}

sealed class YourNet : nn.Module<Tensor, Tensor>
{
    readonly TorchSharp.Modules.Linear first = nn.Linear(1, 64), second = nn.Linear(64, 64), third = nn.Linear(64, 1);

    public YourNet() : base(nameof(YourNet)) => RegisterComponents();

    public override Tensor forward(Tensor x) => third.call(second.call(first.call(x).tanh()).tanh());
}
