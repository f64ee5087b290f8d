#:project ../src/Lowrank.Adapters/Lowrank.Adapters.csproj
// Two adapters on one model: switched, stacked, left out, and mixed row by row. dotnet run samples/switching-adapters.cs
using Lowrank;
using TorchSharp;
using static TorchSharp.torch;

random.manual_seed(0);
var x = linspace(-3, 3, 120).unsqueeze(1);
using var net = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1));
using (var optimizer = optim.Adam(net.parameters(), 1e-2)) Train(x.sin(), optimizer.zero_grad, () => optimizer.step());
Say("The network knows the sine");

// Each adapter is trained with the other switched off.
var model = ModelDescription.Of(net);
using var cosine = model.Adapt("*", new LoraOptions(rank: 4), name: "cosine");
TrainAdapter(cosine, x.cos());
cosine.Active = false;
using var line = model.Adapt("*", new MethodOptions(4), Methods.Named("loha"), name: "line");
TrainAdapter(line, x / 3);
cosine.Active = true;

line.Active = false;
Say("With the first adapter");
(cosine.Active, line.Active) = (false, true);
Say("With the second");
(cosine.Active, line.Strength) = (true, 0.5);
Say("Stacked, the second at half strength");
line.Strength = 1;
using (model.WithoutAdapters()) Say("Left out for a block");

// One batch in which a third of the rows has the first adapter, a third the second, and a third none.
Attachment?[] rows = [.. Enumerable.Range(0, 120).Select(row => (row % 3) switch { 0 => cosine, 1 => line, _ => null })];
using (model.PerRow(rows))
{
    using var y = net.call(x).detach();
    Console.WriteLine($"Mixed row by row: cosine {Loss(0, x.cos()):f4}, line {Loss(1, x / 3):f4}, sine {Loss(2, x.sin()):f4}.");
    double Loss(int first, Tensor wanted) => nn.functional.mse_loss(y.reshape(-1, 3).select(1, first), wanted.reshape(-1, 3).select(1, first)).ToDouble();
}

void Say(string what)
{
    using var scope = NewDisposeScope();
    using var grad = no_grad();
    double Distance(Tensor wanted) => nn.functional.mse_loss(net.call(x), wanted).ToDouble();
    Console.WriteLine($"{what}: distance from sine {Distance(x.sin()):f4}, cosine {Distance(x.cos()):f4}, line {Distance(x / 3):f4}.");
}

void TrainAdapter(Attachment attachment, Tensor wanted)
{
    using var optimizer = new FusedAdamW([new ParameterGroup([.. attachment.Adapter.Trainable], 1e-2)]);
    Train(wanted, optimizer.ZeroGrad, optimizer.Step);
    attachment.AssertUsed();
}

void Train(Tensor wanted, Action zero, Action step)
{
    for (int i = 0; i < 500; i++)
    {
        using var scope = NewDisposeScope();
        zero();
        nn.functional.mse_loss(net.call(x), wanted).backward();
        step();
    }
}
