#:project ../src/Lowrank.Adapters/Lowrank.Adapters.csproj
// A LoRA on your own TorchSharp model: dotnet run samples/lora-on-your-model.cs
// The model knows nothing of adapters. Its layers must be run by .call(x), which runs hooks; .forward(x) does not.
using Lowrank;
using TorchSharp;
using static TorchSharp.torch;

random.manual_seed(0);
var x = linspace(-3, 3, 128).unsqueeze(1);
using var net = new YourNet();
using (var optimizer = optim.Adam(net.parameters(), 1e-2)) Learn(x.sin(), optimizer.zero_grad, () => optimizer.step(), 600);
Console.WriteLine($"Your network knows the sine: loss {Loss(x.sin()).ToSingle():f4}, cosine {Loss(x.cos()).ToSingle():f4}.");

// Adapt every linear layer with rank 4. The network's own weights are frozen while an adapter is on it.
var adapters = net.AddLora("*", rank: 4);
Console.WriteLine(adapters.TrainableSummary());
using (var optimizer = new FusedAdamW(adapters.Trainable, learningRate: 1e-2)) Learn(x.cos(), optimizer.ZeroGrad, optimizer.Step, 600);
adapters["default"].AssertUsed();
Console.WriteLine($"With the adapter it knows the cosine: loss {Loss(x.cos()).ToSingle():f4}.");

adapters["default"].Strength = 0.5;
Console.WriteLine($"Halfway between: sine {Loss(x.sin()).ToSingle():f4}, cosine {Loss(x.cos()).ToSingle():f4}.");
adapters["default"].Strength = 1;

// A file, one that kohya's tools read too; a name without an ending would be a folder of PEFT's.
string path = Path.Combine(Directory.CreateTempSubdirectory("lowrank-").FullName, "cosine.safetensors");
adapters.Save(path);
adapters.Unload();
Console.WriteLine($"Without it nothing has changed: sine {Loss(x.sin()).ToSingle():f4}.");

// The file is read back and worked into the weights for good.
net.Adapters().Load(path);
net.Adapters().MergeAndUnload();
Console.WriteLine($"Read from {new FileInfo(path).Length} bytes and merged: cosine {Loss(x.cos()).ToSingle():f4}.");

Tensor Loss(Tensor y) => nn.functional.mse_loss(net.call(x), y);

void Learn(Tensor y, Action zero, Action step, int steps)
{
    for (int i = 0; i < steps; i++)
    {
        using var scope = NewDisposeScope();
        zero();
        Loss(y).backward();
        step();
    }
}

sealed class YourNet : nn.Module<Tensor, Tensor>
{
    readonly TorchSharp.Modules.Linear first = nn.Linear(1, 64), second = nn.Linear(64, 64), third = nn.Linear(64, 1);

    public YourNet() : base(nameof(YourNet)) => RegisterComponents();

    public override Tensor forward(Tensor x) => third.call(second.call(first.call(x).tanh()).tanh());
}
